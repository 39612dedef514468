@echo off
rem This file finds the Compose project that is meant: the same for this script and for plain Compose.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

rem label NAME: sets label to what Compose wrote on the container of the service.
:label
set "label="
for /f "delims=" %%L in ('docker inspect --type container --format "{{index .Config.Labels `com.docker.compose.%1`}}" "%container%" 2^>nul') do set "label=%%L"
exit /b 0

rem Sets chosen to the project that Compose itself would choose: as set, else from the name of the folder.
:composes_choice
set "chosen=%set_project%"
if defined chosen exit /b 0
for %%D in ("%here%") do set "tail=%%~nxD"
:choice_letter
if not defined tail goto choice_end
set "letter=%tail:~0,1%"
set "tail=%tail:~1%"
for %%L in (a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 _ -) do if /i "%letter%"=="%%L" set "chosen=%chosen%%%L"
if not "%compose%"=="docker-compose" if "%chosen%"=="-" set "chosen="
if not "%compose%"=="docker-compose" if "%chosen%"=="_" set "chosen="
goto choice_letter
:choice_end
if not defined chosen set "chosen=multi_agent_orchestrator"
exit /b 0

rem Sets COMPOSE_PROJECT_NAME: the project of the container, whoever started it, else Compose's own choice.
:find_project
call :label project
set "COMPOSE_PROJECT_NAME=%label%"
if defined label exit /b 0
call :composes_choice
set "COMPOSE_PROJECT_NAME=%chosen%"
exit /b 0

rem A container with this name that Compose did not make is never touched.
:refuse_foreign
call :state
if not defined now exit /b 0
call :label project
if defined label exit /b 0
call :fail 1 "The container %container% was not made by Compose." "Remove it: docker rm -f %container%. Or set ORCHESTRATOR_CONTAINER in .env to another name."
exit /b 1

rem Before a start, a stack of another project moves to Compose's own choice, so that plain Compose acts on the same
rem containers. A running one is left as it is.
:move_project
call :composes_choice
call :label project.working_dir
if not defined label goto move_here
if not "%label%"=="%here%" call :say "The container %container% was started from %label%; from now on it is started from %here%."
:move_here
if "%chosen%"=="%COMPOSE_PROJECT_NAME%" exit /b 0
call :state
if not "%now%"=="running" goto move_down
call :say "The containers belong to the Compose project %COMPOSE_PROJECT_NAME%; plain Compose would use %chosen%. To move them: orchestrator.bat restart"
exit /b 0
:move_down
call :say "The containers move from the Compose project %COMPOSE_PROJECT_NAME% to %chosen%."
call :quietly --profile webui down --remove-orphans
if errorlevel 1 call :fail 1 "The containers of the project %COMPOSE_PROJECT_NAME% could not be removed." "The lines above show the reason."
if errorlevel 1 exit /b 1
set "COMPOSE_PROJECT_NAME=%chosen%"
exit /b 0

rem Sets left to the names of the containers of the project that run.
:still_running
set "left="
for /f "delims=" %%C in ('docker ps --filter "label=com.docker.compose.project=%COMPOSE_PROJECT_NAME%" --filter "label=com.docker.compose.oneoff=False" --format "{{.Names}}"') do call :add_left %%C
call :state
if not "%now%"=="running" exit /b 0
for %%C in (%left%) do if "%%C"=="%container%" exit /b 0
call :add_left %container%
exit /b 0
:add_left
if defined left set "left=%left% %1"
if not defined left set "left=%1"
exit /b 0

rem ---- in other parts ----

:quietly
set "entry=%0"
"%parts%\engine.bat" %*

:state
set "entry=%0"
"%parts%\running.bat" %*

:fail
:say
set "entry=%0"
"%parts%\say.bat" %*
