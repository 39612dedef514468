@echo off
rem This file has the words that run a command of the program, in the container or without one, and shell and version.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_shell
call :need_running
if errorlevel 1 exit /b %ERRORLEVEL%
set rest=%args:*shell=%
if [%first%]==["shell"] set rest=%args:*shell"=%
set "program=sh"
goto work_enter

:word_run
set rest=%args:*run=%
if [%first%]==["run"] set rest=%args:*run"=%
goto work
:word_interactive
:word_demo
:word_examples
:word_models
set rest=%args%
:work
set "ORCHESTRATOR_CALLED_AS=orchestrator.bat"
call :find_place
if "%place%"=="container" goto work_inside
if "%place%"=="alone" call :need_running & exit /b 3
call :install_local
if errorlevel 1 exit /b %ERRORLEVEL%
"%venv%\Scripts\python.exe" -m agents %rest%
exit /b %ERRORLEVEL%
:work_inside
set "program=orchestrator"
:work_enter
call :prepare_call
:work_word
rem A quotation mark within a word would end this script with an error in the next lines, so a word is looked at without them.
set it=%1
if not defined it goto work_go
shift /1
set "it=%it:"=%"
if "%it%"=="interactive" set "person=yes"
if "%it%"=="--me" set "person=yes"
if "%program%"=="orchestrator" call :give_word
if "%code%"=="0" goto work_word
call :forget_files
exit /b %code%
:work_go
call :find_console
if "%console%"=="yes" set "flags=%flags% -t"
if defined given set "flags=%flags% -w /tmp/calls/%ORCHESTRATOR_CALL%/root"
docker exec %flags% "%container%" %program% %rest%
set "code=%ERRORLEVEL%"
if defined given call :take_files
if "%code%"=="0" exit /b 0
if not "%code%"=="137" goto work_failed
call :state
if "%now%"=="running" goto work_failed
call :fail 75 "The service was stopped while this ran. What was finished is kept." "When it runs again (orchestrator.bat start), a meeting continues with: orchestrator.bat run meeting resume last"
exit /b 75
:work_failed
rem Ctrl-C without a console ends docker.exe only, so what it started is ended here, if the user lets this script go on.
set "ORCHESTRATOR_ENDED=%ORCHESTRATOR_CALL%"
if "%console%"=="no" docker exec -e ORCHESTRATOR_ENDED "%container%" python -c "%end_call%" >nul 2>&1
exit /b %code%

rem Sets flags: how this script is called, and the settings that the caller has set.
:prepare_call
set "flags=-i"
set "person="
set "given="
set "outputs="
set "before="
set "code=0"
set "ORCHESTRATOR_CALL=bat-%RANDOM%%RANDOM%%RANDOM%"
set "ORCHESTRATOR_CALLER_FOLDER=%caller%"
for %%N in (ORCHESTRATOR_CALLED_AS ORCHESTRATOR_CALL ORCHESTRATOR_CALLER_FOLDER) do call :add_flag %%N
set "list=%here%\services\multi_agent_orchestrator\settings.list"
if not exist "%list%" exit /b 0
for /f "usebackq eol=# tokens=1" %%N in ("%list%") do if defined %%N call :add_flag %%N
exit /b 0
:add_flag
set "flags=%flags% -e %1"
exit /b 0

rem Sets console to yes if both the input and the output are a console. Only PowerShell knows about the output; without
rem it, a shell and what talks with a person get one.
:find_console
set "console=no"
call :has_keyboard
if errorlevel 1 exit /b 0
powershell -NoProfile -NonInteractive -Command "exit (10 + [Console]::IsOutputRedirected)" 2>nul
set "found=%ERRORLEVEL%"
if "%found%"=="10" set "console=yes"
if "%found%"=="10" exit /b 0
if "%found%"=="11" exit /b 0
if "%word%"=="shell" set "console=yes"
if "%word%"=="interactive" set "console=yes"
if defined person set "console=yes"
exit /b 0

:word_version
set "rest=--version"
call :find_place
if "%place%"=="container" goto work_inside
call :source_version
echo orchestrator %version%
exit /b 0

rem ---- in other parts ----

:give_word
:forget_files
:take_files
set "entry=%0"
"%parts%\files.bat" %*

:source_version
set "entry=%0"
"%parts%\image.bat" %*

:find_place
:install_local
set "entry=%0"
"%parts%\local.bat" %*

:need_running
:state
set "entry=%0"
"%parts%\running.bat" %*

:fail
:has_keyboard
set "entry=%0"
"%parts%\say.bat" %*
