@echo off
rem This file has the word restore: it checks a backup, asks, and puts it in the place of the histories.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_restore
set "yes=no"
set "check=no"
set "undo=no"
set "source="
set "into="
set "action=restore"
:restore_words
if [%1]==[] goto restore_now
set "taken=%~1"
shift /1
if "%taken%"=="--yes" set "yes=yes" & goto restore_words
if "%taken%"=="-y" set "yes=yes" & goto restore_words
if "%taken%"=="--check" set "check=yes" & goto restore_words
if "%taken%"=="--undo" set "undo=yes" & goto restore_words
if "%taken%"=="--into" goto restore_into
if not "%taken:~0,1%"=="-" set "source=%taken%" & goto restore_words
set "cause=restore does not accept '%taken%'."
set "remedy=It takes a backup, --check, --undo, --into PLACE and --yes."
call :tell 2
exit /b 2
:restore_into
set "into=%~1"
shift /1
if "%into%"=="container" goto restore_words
if "%into%"=="local" goto restore_words
if not defined into set "into=none"
set "cause=--into is '%into%'."
set "remedy=It takes container or local."
call :tell 2
exit /b 2
:restore_now
set "wanted=y"
set "packed="
if "%undo%"=="yes" goto restore_agree
if defined source goto restore_check
call :fail 2 "restore needs a backup." "To list all backups: orchestrator.bat backup list"
exit /b 2
:restore_check
set "taken=%source%"
set "again_as=restore %source%"
if "%check%"=="yes" set "action=check"
if "%check%"=="yes" set "again_as=restore --check"
call :find_backup
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_histories
if errorlevel 1 exit /b %ERRORLEVEL%
if "%check%"=="no" call :check_place
if errorlevel 1 exit /b %ERRORLEVEL%
call :choose_packed
call :pack
if errorlevel 1 exit /b 6
%inside% restore --stdin --check <"%packed%"
set "code=%ERRORLEVEL%"
call :is_stopped %code%
if not errorlevel 1 set "code=75"
if not "%code%"=="0" goto restore_end
if "%check%"=="yes" goto restore_end
call :agree "The current histories are replaced with the backup %folder%; a copy of them is kept."
set "code=%ERRORLEVEL%"
if not "%code%"=="0" goto restore_end
goto restore_replace
:restore_agree
set "again_as=restore --undo"
call :need_histories
if errorlevel 1 exit /b %ERRORLEVEL%
%inside% restore --undo --check <nul
set "code=%ERRORLEVEL%"
if not "%code%"=="0" exit /b %code%
if "%check%"=="yes" exit /b 0
call :agree "The histories from before the last restore are put back."
if errorlevel 1 exit /b %ERRORLEVEL%
:restore_replace
set "back=no"
if not "%place%"=="container" goto restore_go
call :running_work
if defined work call :say "What runs now has stored its work in the current histories, which are kept: orchestrator.bat restore --undo brings them back."
call :agree_to_end "the restore"
set "code=%ERRORLEVEL%"
if not "%code%"=="0" goto restore_end
set "back=yes"
docker stop "%container%" >nul
set "inside=%alone%"
:restore_go
if "%undo%"=="yes" goto restore_undo
%inside% restore --stdin --yes %into_flag% <"%packed%"
set "code=%ERRORLEVEL%"
goto restore_back
:restore_undo
%inside% restore --undo --yes <nul
set "code=%ERRORLEVEL%"
:restore_back
if "%back%"=="no" goto restore_end
set /a tries=0
:restore_start
docker start "%container%" >nul
if not errorlevel 1 goto restore_health
set /a tries+=1
ping -n 2 127.0.0.1 >nul
if %tries% LSS 10 goto restore_start
call :say "The service could not be started again. Try: orchestrator.bat start"
if "%code%"=="0" set "code=3"
goto restore_end
:restore_health
call :wait_for_health
if errorlevel 1 call :say "The service takes long to start. To check it: orchestrator.bat status"
:restore_end
if defined packed if exist "%packed%" del /q "%packed%"
exit /b %code%

rem Refuses to put a backup of the container's histories in the place of local ones, or the other way round, without --into.
:check_place
set "here_are=container"
set "others_are=local ones"
if "%place%"=="local" set "here_are=local"
if "%place%"=="local" set "others_are=those of the container"
set "into_flag="
if not defined into goto check_origin
set "into_flag=--into %into%"
if "%into%"=="%here_are%" exit /b 0
if "%into%"=="local" call :fail 2 "The histories in use are those of the container." "To use the local ones: set ORCHESTRATOR_MODE=local, then orchestrator.bat restore ..."
if "%into%"=="container" call :fail 2 "The histories in use are local ones." "To use those of the container: set ORCHESTRATOR_MODE= without a value, and build the image: orchestrator.bat build"
exit /b 2
:check_origin
set "manifest=%directory%\manifest.json"
call :read_manifest
if not defined origin exit /b 0
if "%origin%"=="%here_are%" exit /b 0
for %%D in ("%directory%") do set "folder=%%~nxD"
call :fail 2 "The backup %folder% is of other histories: %others_are%." "Nothing was changed. To restore it here all the same: --into %here_are%"
exit /b 2

rem ---- in other parts ----

:find_backup
:need_histories
:choose_packed
:pack
:is_stopped
:read_manifest
set "entry=%0"
"%parts%\histories.bat" %*

:running_work
:agree_to_end
:wait_for_health
set "entry=%0"
"%parts%\running.bat" %*

:tell
:fail
:agree
:say
set "entry=%0"
"%parts%\say.bat" %*
