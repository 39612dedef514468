@echo off
rem This file has the words stop, status and logs.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_stop
set "yes=no"
:stop_words
if [%1]==[] goto stop_now
set "taken=%~1"
shift /1
if "%taken%"=="--yes" set "yes=yes" & goto stop_words
if "%taken%"=="-y" set "yes=yes" & goto stop_words
set "cause=stop does not accept '%taken%'."
set "remedy=It takes --yes."
call :tell 2
exit /b 2
:stop_now
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :stop_service stop
exit /b %ERRORLEVEL%

rem stop_service WORD: stops the containers of the project, after the user has agreed to end what works in them.
:stop_service
call :refuse_foreign
if errorlevel 1 exit /b %ERRORLEVEL%
call :still_running
if not defined left call :say "The service is not running."
if not defined left exit /b 0
call :agree_to_end %1
if errorlevel 1 exit /b %ERRORLEVEL%
call :say "Stopping ..."
call :quietly --profile webui stop
if not errorlevel 1 goto stop_check
call :fail 1 "The containers could not be stopped." "The lines above show the reason."
exit /b 1
:stop_check
call :still_running
if not defined left exit /b 0
call :fail 1 "Still running: %left%" "Stop it: docker stop %left%"
exit /b 1

:word_status
set "json=no"
if [%1]==[] goto status_now
set "taken=%~1"
if "%taken%"=="--json" set "json=yes" & goto status_now
set "cause=status does not accept '%taken%'."
set "remedy=It takes --json."
call :tell 2
exit /b 2
:status_now
call :need_engine
if errorlevel 1 exit /b %ERRORLEVEL%
call :state
set "health="
set "ollama="
set "use="
if not "%now%"=="running" goto status_say
for /f "delims=" %%H in ('docker inspect --format "{{if .State.Health}}{{.State.Health.Status}}{{end}}" "%container%" 2^>nul') do set "health=%%H"
if "%health%"=="unhealthy" goto status_more
rem Docker checks only every 30 seconds, so a service that has just started is asked directly.
set "health=starting"
docker exec "%container%" python -c "%probe%" >nul 2>&1
if not errorlevel 1 set "health=healthy"
:status_more
call :state_of_ollama
for /f "delims=" %%U in ('docker stats --no-stream --format "{{.CPUPerc}} CPU, {{.MemUsage}}, {{.PIDs}} processes" "%container%" 2^>nul') do set "use=%%U"
:status_say
if "%json%"=="yes" goto status_json
if not defined now echo %container%: absent
if defined now if not defined health echo %container%: %now%
if defined health echo %container%: %now%, %health%
if defined use echo %use%
if defined ollama echo ollama: %ollama%
if "%now%"=="running" docker exec "%container%" python -c "%show_facts%" 2>nul
goto status_end
:status_json
set "facts=null"
if not "%now%"=="running" goto status_json_say
for /f "usebackq delims=" %%F in (`docker exec "%container%" python -c "import json; from agents.api.healthcheck import fetch; print(json.dumps(json.loads(fetch('/status'))))" 2^>nul`) do set "facts=%%F"
:status_json_say
set "told=%now%"
if not defined told set "told=absent"
setlocal EnableDelayedExpansion
echo {"container": "!container!", "state": "!told!", "health": "!health!", "use": "!use!", "ollama": "!ollama!", "service": !facts!}
endlocal
:status_end
if "%health%"=="healthy" goto status_ollama
if defined health exit /b 1
if "%now%"=="restarting" exit /b 1
call :say "Start it: orchestrator.bat start"
exit /b 3
:status_ollama
if not defined ollama exit /b 0
if "%ollama%"=="running" exit /b 0
call :say "Ollama, which runs the model, is not running. Start it: orchestrator.bat start"
exit /b 1

:word_logs
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :state
if defined now goto logs_now
call :fail 3 "The service has not been started yet." "Start it: orchestrator.bat start"
exit /b 3
:logs_now
set rest=%args:*logs=%
if [%first%]==["logs"] set rest=%args:*logs"=%
call :find_console
set "color=--no-color"
if "%console%"=="yes" set "color="
if not [%1]==[] goto logs_show
set "rest=--tail=100"
if "%console%"=="yes" set "rest=-f --tail=100"
:logs_show
%compose% logs %color% %rest%
exit /b %ERRORLEVEL%

rem ---- in other parts ----

:find_console
set "entry=%0"
"%parts%\call.bat" %*

:need_compose
:quietly
:need_engine
set "entry=%0"
"%parts%\engine.bat" %*

:refuse_foreign
:still_running
set "entry=%0"
"%parts%\project.bat" %*

:agree_to_end
:state
:state_of_ollama
set "entry=%0"
"%parts%\running.bat" %*

:tell
:say
:fail
set "entry=%0"
"%parts%\say.bat" %*
