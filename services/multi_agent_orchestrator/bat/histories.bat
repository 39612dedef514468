@echo off
rem This file finds the histories and the backups, and says how a command reaches them.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

rem is_stopped STATUS: whether a command in the container of the service ended because the service was stopped; says so.
:is_stopped
if not "%place%"=="container" exit /b 1
set "ended="
for %%C in (1 137 143) do if "%1"=="%%C" set "ended=yes"
if not defined ended exit /b 1
call :state
if "%now%"=="running" exit /b 1
call :fail 75 "The service was stopped meanwhile, so nothing was done." "If another restore is running, wait until it is done. Then try again."
exit /b 0

rem read_origin NAME: sets origin and store to the place and the id of the histories that a backup in backups is of.
:read_origin
set "manifest=%backups%\%~1\manifest.json"
:read_manifest
set "origin="
set "store="
if not exist "%manifest%" exit /b 0
for /f "usebackq tokens=1,2 delims=:, " %%A in ("%manifest%") do if "%%~A"=="place" set "origin=%%~B"
for /f "usebackq tokens=1,2 delims=:, " %%A in ("%manifest%") do if "%%~A"=="store" set "store=%%~B"
exit /b 0

rem Finds the place of the histories and checks that commands can run there. Those in the container and local ones are never
rem mixed up: if Docker is installed and does not answer, only a check of a backup works locally. Callers set action and again_as.
:need_histories
set "into_flag="
if "%ORCHESTRATOR_MODE%"=="local" goto histories_place
call :look_for_engine
if "%installed%"=="no" goto histories_place
set "hint=To %action% the local histories: set ORCHESTRATOR_MODE=local, then orchestrator.bat %again_as%"
if defined engine goto histories_image
if "%action%"=="check" goto histories_place
set "cause=%why%"
set "remedy=%remedy% %hint%"
call :tell 4
exit /b 4
:histories_image
call :state
if defined now goto histories_place
docker image inspect "%image%" >nul 2>&1
if not errorlevel 1 goto histories_place
docker volume inspect "%ORCHESTRATOR_DATA_VOLUME%" >nul 2>&1
if errorlevel 1 goto histories_place
set "cause=The image is not built, and it is needed for the histories in the volume %ORCHESTRATOR_DATA_VOLUME%."
set "remedy=Build it: orchestrator.bat build. %hint%"
call :tell 3
exit /b 3
:histories_place
call :find_place
if "%place%"=="local" goto histories_local
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_image
if errorlevel 1 exit /b %ERRORLEVEL%
set "inside=%alone%"
if "%place%"=="container" set inside=docker exec -i -e ORCHESTRATOR_CALLED_AS "%container%" orchestrator
exit /b 0
:histories_local
call :install_local
if errorlevel 1 exit /b %ERRORLEVEL%
set inside="%venv%\Scripts\python.exe" -m agents
exit /b 0

rem Sets directory to a backup, given as a path relative to the caller's folder or as a name in backups.
:find_backup
set "directory="
if exist "%backups%\%taken%\" set "directory=%backups%\%taken%"
pushd "%caller%"
if exist "%taken%\" for %%D in ("%taken%") do set "directory=%%~fD"
popd
if defined directory exit /b 0
set "cause=There is no backup '%taken%'."
set "remedy=To list all backups: orchestrator.bat backup list"
call :tell 2
exit /b 2

rem A file for a packed backup. One that an interrupted command left is deleted; Windows keeps an open one.
:choose_packed
if not exist "%backups%\" mkdir "%backups%" 2>nul
del /q "%backups%\.packed-*.tar" 2>nul
set "packed=%backups%\.packed-%RANDOM%%RANDOM%.tar"
exit /b 0

rem Packs directory into the file packed. The manifest comes last, so that an incomplete stream is not a valid backup.
:pack
for %%D in ("%directory%") do set "folder=%%~nxD"
set "members="
for %%F in (agent_memories.tar.gz logs.tar.gz manifest.json) do if exist "%directory%\%%F" call :add_member %%F
if not defined members type nul >"%packed%"
if defined members "%tar%" -cf "%packed%" -C "%directory%\.." %members%
if exist "%packed%" exit /b 0
set "cause=The backup could not be packed into %backups%."
set "remedy=Free some space, or set ORCHESTRATOR_BACKUPS to another folder."
call :tell 6
exit /b 6
:add_member
set members=%members% "%folder%/%1"
exit /b 0

rem ---- in other parts ----

:look_for_engine
:need_compose
set "entry=%0"
"%parts%\engine.bat" %*

:need_image
set "entry=%0"
"%parts%\image.bat" %*

:find_place
:install_local
set "entry=%0"
"%parts%\local.bat" %*

:state
set "entry=%0"
"%parts%\running.bat" %*

:fail
:tell
set "entry=%0"
"%parts%\say.bat" %*
