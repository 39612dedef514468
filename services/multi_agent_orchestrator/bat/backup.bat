@echo off
rem This file has the word backup: it makes and checks backups, lists them, and keeps the newest.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_backup
set "keep="
set "extra="
if "%~1"=="list" goto backup_list
if "%~1"=="verify" goto backup_verify
set "action=save"
set "again_as=backup"
:backup_words
if [%1]==[] goto backup_now
set "taken=%~1"
shift /1
if "%taken%"=="--allow-empty" set "extra=--allow-empty" & goto backup_words
if "%taken%"=="--keep" goto backup_keep
set "cause=backup does not accept '%taken%'."
set "remedy=It takes --keep N, --allow-empty, list and verify DIR."
call :tell 2
exit /b 2
:backup_keep
set "keep=%~1"
shift /1
set "bad=yes"
for /l %%N in (1,1,999) do if "%keep%"=="%%N" set "bad="
if not defined bad goto backup_words
set "cause=--keep is '%keep%'."
if not defined keep set "cause=--keep needs a number."
set "remedy=It takes a number from 1 to 999."
call :tell 2
exit /b 2
:backup_now
call :need_histories
if errorlevel 1 exit /b %ERRORLEVEL%
if not exist "%backups%\" mkdir "%backups%" 2>nul
if exist "%backups%\" goto backup_folder
set "cause=The folder %backups% cannot be created."
set "remedy=Set ORCHESTRATOR_BACKUPS to another folder."
call :tell 6
exit /b 6
:backup_folder
rem What an interrupted backup left. Windows does not rename a folder in which a file is open, so a running one stays.
for /f "delims=" %%D in ('dir /b /ad "%backups%\.partial-*" 2^>nul') do (ren "%backups%\%%D" "%%D-old" 2>nul && rd /s /q "%backups%\%%D-old")
del /q "%backups%\.packed-*.tar" 2>nul
set "partial=%backups%\.partial-%RANDOM%%RANDOM%"
mkdir "%partial%" 2>nul
if exist "%partial%\" goto backup_stream
set "cause=The folder %backups% cannot be written."
set "remedy=Set ORCHESTRATOR_BACKUPS to another folder."
call :tell 6
exit /b 6
:backup_stream
%inside% backup --stdout %extra% >"%partial%\stream.tar" <nul
set "code=%ERRORLEVEL%"
if not "%code%"=="0" goto no_backup
set "code=1"
"%tar%" -xf "%partial%\stream.tar" -C "%partial%"
if errorlevel 1 goto no_backup
del /q "%partial%\stream.tar"
set "name="
for /f "delims=" %%D in ('dir /b /ad "%partial%"') do set "name=%%D"
if not defined name goto no_backup
set "directory=%partial%\%name%"
if not exist "%directory%\manifest.json" goto no_backup
set "code=5"
set "packed=%partial%\again.tar"
call :pack
if errorlevel 1 goto no_backup
%inside% backup verify - <"%packed%" 2>nul
if errorlevel 1 goto no_backup
set "code=1"
if exist "%backups%\%name%\" goto no_backup
move "%directory%" "%backups%\%name%" >nul
if errorlevel 1 goto no_backup
rd /s /q "%partial%"
if not defined keep goto backup_end
call :read_origin "%name%"
set "own=%origin%"
set "own_store=%store%"
set "left=%keep%"
set "others=0"
for /f "delims=" %%D in ('dir /b /ad /o-n "%backups%"') do call :prune "%%D"
if not "%others%"=="0" call :say "%others% in %backups% are of other histories, or do not say of which. They are not counted, and stay."
:backup_end
call :say "Verified. Restore it with: orchestrator.bat restore %name%"
set "line=%backups%\%name%"
call :print
exit /b 0
:no_backup
call :is_stopped %code%
if not errorlevel 1 rd /s /q "%partial%" & exit /b 75
type "%here%\README.md" >"%partial%\space" 2>nul
if errorlevel 1 goto no_space
rd /s /q "%partial%"
call :say "No backup was made."
exit /b %code%
:no_space
rd /s /q "%partial%"
set "cause=There is no space left in %backups%."
set "remedy=Free some space, or set ORCHESTRATOR_BACKUPS to another folder."
call :tell 6
exit /b 6

rem prune NAME: removes a backup of the same histories as the new one, if enough newer ones are left. A backup of other
rem histories, or one that does not say of which it is, stays.
:prune
call :is_backup %1
if errorlevel 1 exit /b 0
if "%~1"=="%name%" exit /b 0
call :read_origin %1
set "same=yes"
if not defined store set "same="
if not "%origin%"=="%own%" set "same="
if not "%store%"=="%own_store%" set "same="
if not defined same set /a others+=1
if not defined same exit /b 0
call :is_whole %1
if errorlevel 1 call :say "%backups%\%~1 is broken. It is not counted, and stays."
if errorlevel 1 exit /b 0
set /a left-=1
if %left% GTR 0 exit /b 0
rd /s /q "%backups%\%~1"
exit /b 0

rem is_backup NAME: whether a folder in backups is named like a backup and has a manifest.
:is_backup
call :is_stamp %1
if errorlevel 1 exit /b 1
if exist "%backups%\%~1\manifest.json" exit /b 0
exit /b 1

rem is_stamp NAME: whether a name is eight digits, a low line and six digits.
:is_stamp
set "it=%~1"
set "padded=%it%................"
if "%padded:~14,1%"=="." exit /b 1
if not "%padded:~15,1%"=="." exit /b 1
if not "%it:~8,1%"=="_" exit /b 1
for /f "delims=0123456789" %%X in ("%it:~0,8%%it:~9%") do exit /b 1
exit /b 0

rem is_whole NAME: whether both archives of a backup are there, with the sizes in its manifest.
:is_whole
set "folder=%backups%\%~1"
set "whole=0"
for /f "usebackq tokens=1,2 delims=:, " %%A in ("%folder%\manifest.json") do (set "key=%%~A" & set "value=%%~B" & call :manifest_line)
if "%whole%"=="2" exit /b 0
exit /b 1
:manifest_line
if "%key%"=="path" set "last=%value%"
if not "%key%"=="size" exit /b 0
for %%F in (agent_memories.tar.gz logs.tar.gz) do if "%last%"=="%%F" call :compare_size "%folder%\%%F"
exit /b 0
:compare_size
if "%~z1"=="%value%" set /a whole+=1
exit /b 0

:backup_list
if not exist "%backups%\" exit /b 0
for /f "delims=" %%D in ('dir /b /ad /on "%backups%"') do call :list_one "%%D"
exit /b 0
:list_one
call :is_stamp %1
if errorlevel 1 exit /b 0
call :read_origin %1
if not defined origin set "origin=-"
if not exist "%manifest%" set "origin=no manifest"
echo %~1  %origin%
exit /b 0

:backup_verify
shift /1
set "taken=%~1"
if defined taken goto verify_now
call :fail 2 "backup verify takes one backup." "For example: orchestrator.bat backup verify 20240115_120000"
exit /b 2
:verify_now
set "action=check"
set "again_as=backup verify"
call :find_backup
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_histories
if errorlevel 1 exit /b %ERRORLEVEL%
call :choose_packed
call :pack
if errorlevel 1 exit /b 6
%inside% backup verify - <"%packed%"
set "code=%ERRORLEVEL%"
del /q "%packed%"
exit /b %code%

rem ---- in other parts ----

:need_histories
:pack
:read_origin
:is_stopped
:find_backup
:choose_packed
set "entry=%0"
"%parts%\histories.bat" %*

:tell
:say
:print
:fail
set "entry=%0"
"%parts%\say.bat" %*
