@echo off
rem This file finds where a command runs, and makes the virtual environment that has no engine; it has the word test.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_test
call :look_for_engine
if errorlevel 1 call :say "No Docker engine answers, so this runs locally in %venv%."
set "extra=[dev]"
call :install_local
if errorlevel 1 exit /b %ERRORLEVEL%
cd /d "%here%"
set rest=%args:*test=%
if [%first%]==["test"] set rest=%args:*test"=%
"%venv%\Scripts\python.exe" -m pytest -q -n auto --dist loadfile --no-loadscope-reorder %rest%
exit /b %ERRORLEVEL%

rem Sets place to container, alone (the service is stopped) or local. Says so if it is local for want of an engine or image.
:find_place
set "place=local"
if "%ORCHESTRATOR_MODE%"=="local" exit /b 0
call :look_for_engine
if not errorlevel 1 goto place_engine
if "%why:~0,3%"=="You" call :say "You do not have permission to use the Docker engine, so this runs locally in %venv%. %remedy%"
if not "%why:~0,3%"=="You" call :say "No Docker engine answers, so this runs locally in %venv%."
exit /b 0
:place_engine
call :state
if "%now%"=="running" set "place=container" & exit /b 0
set "place=alone"
if defined now exit /b 0
docker image inspect "%image%" >nul 2>&1
if not errorlevel 1 exit /b 0
set "place=local"
call :say "The image is not built (orchestrator.bat start builds it), so this runs locally in %venv%."
exit /b 0

:install_local
set "stamp=%venv%\installed%extra%.toml"
if not exist "%venv%\Scripts\python.exe" goto make_local
fc /b "%here%\pyproject.toml" "%stamp%" >nul 2>&1
if not errorlevel 1 exit /b 0
goto fill_local
:make_local
call :find_python
if not errorlevel 1 goto make_venv
call :fail 2 "Python 3.11 or newer was not found." "Install it, or set PYTHON to its path."
exit /b 2
:make_venv
call :say "Creating a virtual environment in %venv%, once ..."
"%interpreter%" -m venv "%venv%"
if not errorlevel 1 goto fill_local
call :fail 6 "The virtual environment could not be created." "Check the free disk space."
exit /b 6
:fill_local
call :say "Installing the orchestrator and its packages, once, about a minute ..."
"%venv%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --editable "%here%%extra%"
if not errorlevel 1 copy /y "%here%\pyproject.toml" "%stamp%" >nul & exit /b 0
call :fail 1 "The packages could not be installed." "Check the network and try again; the output above shows the reason."
exit /b 1

rem Sets interpreter to a Python 3.11 or newer.
:find_python
if not defined PYTHON for %%P in (py.exe python.exe) do if not "%%~$PATH:P"=="" set "PYTHON=%%P"
if not defined PYTHON exit /b 1
set "interpreter=%PYTHON%"
"%interpreter%" -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>&1
exit /b %ERRORLEVEL%

rem ---- in other parts ----

:look_for_engine
set "entry=%0"
"%parts%\engine.bat" %*

:state
set "entry=%0"
"%parts%\running.bat" %*

:say
:fail
set "entry=%0"
"%parts%\say.bat" %*
