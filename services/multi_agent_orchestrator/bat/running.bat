@echo off
rem This file knows the container of the service: its state, its health, and the commands that run in it.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:state
set "now="
for /f "delims=" %%S in ('docker inspect --type container --format "{{.State.Status}}" "%container%" 2^>nul') do set "now=%%S"
exit /b 0

rem Sets ollama to the state of Ollama's container, or to absent; to nothing where the stack has none.
:state_of_ollama
set "ollama="
if not "%ORCHESTRATOR_OLLAMA%"=="container" exit /b 0
call :label project
if not defined label exit /b 0
set "ollama=absent"
for /f "delims=" %%S in ('docker ps --all --filter "label=com.docker.compose.project=%label%" --filter "label=com.docker.compose.service=ollama" --filter "label=com.docker.compose.oneoff=False" --format "{{.State}}"') do set "ollama=%%S"
exit /b 0

:need_running
call :need_engine
if errorlevel 1 exit /b 4
call :state
if "%now%"=="running" exit /b 0
if "%now%"=="restarting" call :fail 3 "The service stops again and again." "To see the reason: orchestrator.bat logs --tail 20"
if not "%now%"=="restarting" call :fail 3 "The service is not running." "Start it: orchestrator.bat start"
exit /b 3

rem Sets work to one of the commands that run in the container besides the service; to nothing if none runs.
:running_work
set "work="
for /f "usebackq delims=" %%W in (`docker exec "%container%" python -c "%list_work%" 2^>nul`) do set "work=%%W"
exit /b 0

rem agree_to_end WHAT: asks before WHAT ends the commands that run in the container, then ends them. What is finished of
rem them is kept.
:agree_to_end
call :running_work
if not defined work exit /b 0
call :say "This runs now, and %~1 ends it:"
docker exec "%container%" python -c "%list_work%" 1>&2
call :say "Finished turns are kept. A meeting continues with: orchestrator.bat run meeting resume last"
set "wanted=y"
call :agree "End it?"
if errorlevel 1 exit /b %ERRORLEVEL%
docker exec "%container%" python -c "%end_work%" >nul 2>&1
exit /b 0

:wait_for_health
set /a passed=0
:wait_again
docker exec "%container%" python -c "%probe%" >nul 2>&1
if not errorlevel 1 goto wait_done
set "restarts=0"
for /f "delims=" %%R in ('docker inspect --format "{{.RestartCount}}" "%container%" 2^>nul') do set "restarts=%%R"
if %restarts% GEQ 2 goto wait_failed
set /a passed+=1
if %passed% GEQ %ORCHESTRATOR_WAIT% goto wait_failed
ping -n 2 127.0.0.1 >nul
goto wait_again
:wait_done
rem Repeats what the service said if it moved the histories to a new layout: where the copy from before is.
set "since="
for /f "delims=" %%S in ('docker inspect --format "{{.State.StartedAt}}" "%container%" 2^>nul') do set "since=%%S"
call :choose_report
docker logs --since "%since%" "%container%" >"%report%" 2>&1
set "line="
for /f "delims=" %%L in ('type "%report%" ^| %find% "The histories are now in layout "') do set "line=%%L"
del /q "%report%"
if defined line call :print 1>&2
call :say "The service is healthy."
exit /b 0
:wait_failed
docker logs --tail 20 "%container%" 1>&2
call :fail 1 "The service did not become healthy." "Its last log lines are above; orchestrator.bat doctor checks more."
exit /b 1

rem ---- in other parts ----

:need_engine
:choose_report
set "entry=%0"
"%parts%\engine.bat" %*

:label
set "entry=%0"
"%parts%\project.bat" %*

:fail
:say
:agree
:print
set "entry=%0"
"%parts%\say.bat" %*
