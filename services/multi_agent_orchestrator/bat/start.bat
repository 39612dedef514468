@echo off
rem This file has the words start and restart, and knows what can be wrong at a start.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_restart
set "again=yes"
:word_start
set "pull=yes"
set "yes=no"
:start_words
if [%1]==[] goto start_now
set "taken=%~1"
shift /1
if "%taken%"=="--no-pull" set "pull=no" & goto start_words
if "%taken%"=="--yes" set "yes=yes" & goto start_words
if "%taken%"=="-y" set "yes=yes" & goto start_words
if "%taken%"=="--gpu" goto start_gpu
set "cause=%word% does not accept '%taken%'."
set "remedy=It takes --gpu nvidia, --gpu amd, --no-pull and --yes."
call :tell 2
exit /b 2
:start_gpu
set "ORCHESTRATOR_GPU=%~1"
if not defined ORCHESTRATOR_GPU set "ORCHESTRATOR_GPU=none"
shift /1
goto start_words
:start_now
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
if defined again call :stop_service restart
if errorlevel 1 exit /b %ERRORLEVEL%
call :refuse_foreign
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_folders
if errorlevel 1 exit /b %ERRORLEVEL%
docker image inspect "%image%" >nul 2>&1
if not errorlevel 1 goto start_checks
set "rest="
call :build_image
if errorlevel 1 exit /b %ERRORLEVEL%
:start_checks
call :clamp
call :notice_image
call :old_stack
call :read_config
call :fetch_ollama
if errorlevel 1 exit /b %ERRORLEVEL%
call :would_replace
if errorlevel 1 goto start_move
call :agree_to_end "a start with other settings"
if errorlevel 1 exit /b %ERRORLEVEL%
:start_move
call :move_project
if errorlevel 1 exit /b %ERRORLEVEL%
call :renew_network
if errorlevel 1 exit /b %ERRORLEVEL%
call :change_volumes
call :say "Starting ..."
set "only="
if "%ORCHESTRATOR_OLLAMA%"=="host" set "only=--no-deps multi_agent_orchestrator"
call :choose_report
%compose% up -d %only% >"%report%" 2>&1
if errorlevel 1 goto start_failed
del /q "%report%"
call :wait_for_health
if errorlevel 1 exit /b %ERRORLEVEL%
if "%pull%"=="no" goto start_ready
docker exec -e ORCHESTRATOR_CALLED_AS=orchestrator.bat "%container%" orchestrator models ensure
if not errorlevel 1 goto start_ready
call :fail 3 "The service runs, but its model is not available." "Try again: orchestrator.bat models ensure. To work without a model: MODEL_NAME=rehearsal in .env, or start --no-pull"
exit /b 3
:start_ready
call :say "Ready on http://127.0.0.1:%ORCHESTRATOR_PORT%/status. Next: orchestrator.bat demo, or orchestrator.bat interactive"
exit /b 0

:start_failed
type "%report%" 1>&2
set "status=1"
set "cause=The containers could not be started."
set "remedy=The lines above show the reason; orchestrator.bat doctor checks more."
call :reported "could not select device driver"
if not errorlevel 1 goto failed_driver
call :reported "already in use by container"
if not errorlevel 1 goto failed_name
call :reported "port is already allocated"
if not errorlevel 1 goto failed_port
call :reported "address already in use"
if not errorlevel 1 goto failed_port
call :reported "Ports are not available"
if not errorlevel 1 goto failed_port
call :reported "forbidden by its access permissions"
if not errorlevel 1 goto failed_port
call :reported "Pool overlaps"
if not errorlevel 1 goto failed_subnet
call :reported "nvalid CIDR address"
if not errorlevel 1 goto failed_address
call :reported "CIDR format"
if not errorlevel 1 goto failed_address
call :reported "is unhealthy"
if not errorlevel 1 goto failed_ollama
call :reported "while its"
if not errorlevel 1 goto failed_ollama
goto failed_say
:failed_driver
set "cause=Docker has no driver for this graphics card."
set "remedy=Install the NVIDIA container toolkit, or start without --gpu."
goto failed_say
:failed_port
set "cause=Port %ORCHESTRATOR_PORT% is taken."
set "remedy=Use another port: ORCHESTRATOR_PORT=8001 in .env"
goto failed_say
:failed_subnet
set "subnet=%ORCHESTRATOR_SUBNET%"
if not defined subnet set "subnet=10.231.187"
set "cause=Another network uses the addresses %subnet%.0/28."
set "remedy=Choose others, as three numbers: ORCHESTRATOR_SUBNET=10.99.1 in .env"
goto failed_say
:failed_address
set "status=2"
set "cause=ORCHESTRATOR_SUBNET is '%ORCHESTRATOR_SUBNET%'."
set "remedy=Give it three numbers, such as 10.99.1"
goto failed_say
:failed_name
set "cause=Another container is called %container%."
set "remedy=Remove it, or set ORCHESTRATOR_CONTAINER in .env."
goto failed_say
:failed_ollama
%compose% logs --tail=20 ollama 1>&2
set "cause=Ollama did not become healthy."
set "remedy=Its last log lines are above; orchestrator.bat doctor checks more."
:failed_say
del /q "%report%"
call :tell %status%
exit /b %status%

rem Lowers the memory limit on a machine that has less memory than the limit in docker-compose.yml.
:clamp
if defined ORCHESTRATOR_MEMORY exit /b 0
set "total="
for /f "delims=" %%M in ('docker info --format "{{.MemTotal}}" 2^>nul') do set "total=%%M"
if not defined total exit /b 0
rem 32 bits are enough for the millions of bytes of a machine with less than 100 GB.
set "padded=%total%............"
if "%padded:~6,1%"=="." exit /b 0
if not "%padded:~11,1%"=="." exit /b 0
set /a megabytes=%total:~0,-6%*15625/16384-1024
if %megabytes% GEQ 4096 exit /b 0
if %megabytes% LSS 512 set "megabytes=512"
set /a half=megabytes/2
set "ORCHESTRATOR_MEMORY=%megabytes%m"
set "ORCHESTRATOR_MEMORY_RESERVED=%half%m"
call :say "This machine has little memory, so the orchestrator gets %megabytes% MB instead of 4096."
call :say "Plain Compose does the same with these lines in .env: ORCHESTRATOR_MEMORY=%megabytes%m, ORCHESTRATOR_MEMORY_RESERVED=%half%m"
exit /b 0

rem Reads from the Compose files the image of Ollama, whether it is built, and the gateway of the front network.
:read_config
set "wanted_ollama="
set "built="
set "gateway="
set "service="
for /f "delims=" %%L in ('%compose% config 2^>nul') do (set "line=%%L" & call :config_line)
exit /b 0
:config_line
set "line=%line:"=%"
if not defined line exit /b 0
for /f "tokens=1,2" %%K in ("%line%") do if "%%K"=="DefaultGatewayIPv4:" set "gateway=%%L"
if not "%line:~0,2%"=="  " set "service=" & exit /b 0
if "%line:~2,1%"==" " goto config_key
set "service=%line:~2%"
exit /b 0
:config_key
if not "%service%"=="ollama:" exit /b 0
if "%line:~4,6%"=="build:" set "built=yes"
if "%line:~4,6%"=="image:" for /f "tokens=2" %%I in ("%line%") do set "wanted_ollama=%%I"
exit /b 0

rem Ends with 0 if a start would put a new container in the place of a running one in which something works.
:would_replace
call :state
if not "%now%"=="running" exit /b 1
call :running_work
if not defined work exit /b 1
if "%compose%"=="docker-compose" exit /b 0
call :other_network
if defined network exit /b 0
call :mounted /app/agent_memories
if not "%mount%"=="%ORCHESTRATOR_DATA_VOLUME%" exit /b 0
call :mounted /app/logs
if not "%mount%"=="%ORCHESTRATOR_LOGS_VOLUME%" exit /b 0
call :choose_report
%compose% up -d --no-deps --dry-run multi_agent_orchestrator >"%report%" 2>&1
call :reported Recreate
set "code=%ERRORLEVEL%"
del /q "%report%"
exit /b %code%

rem ---- in other parts ----

:need_compose
:choose_report
:reported
set "entry=%0"
"%parts%\engine.bat" %*

:need_folders
:build_image
:notice_image
:fetch_ollama
set "entry=%0"
"%parts%\image.bat" %*

:renew_network
:other_network
set "entry=%0"
"%parts%\network.bat" %*

:refuse_foreign
:move_project
set "entry=%0"
"%parts%\project.bat" %*

:agree_to_end
:wait_for_health
:state
:running_work
set "entry=%0"
"%parts%\running.bat" %*

:tell
:say
:fail
set "entry=%0"
"%parts%\say.bat" %*

:stop_service
set "entry=%0"
"%parts%\service.bat" %*

:old_stack
:change_volumes
:mounted
set "entry=%0"
"%parts%\volumes.bat" %*
