@echo off
rem Manages the orchestrator on Windows: in containers if a Docker engine answers, otherwise in a virtual environment.
rem The commands and their exit codes are those of orchestrator.sh. The logic is in the Python command line.
rem Keep it CRLF and ASCII; decide with "if errorlevel" and goto, never with ERRORLEVEL inside parentheses.
rem
rem What the user typed is read with shift outside of called labels, or passed on as the rest of the line: "call" and "for"
rem would split it at commas, and lose carets and percent signs. Delayed expansion, which would lose exclamation marks, is
rem on only where a text is printed.
setlocal EnableExtensions DisableDelayedExpansion

set "here=%~dp0"
if "%here:~-1%"=="\" set "here=%here:~0,-1%"
set "caller=%CD%"
set args=%*
set first=%1
set "word=%~1"
if [%1]==[] set "word=help"
shift /1
rem The scheduler of Windows starts scripts with a short PATH; this is the usual place of docker.exe.
set "PATH=%PATH%;%ProgramFiles%\Docker\Docker\resources\bin"

call :read_settings
set "words=build start stop restart status logs shell interactive demo examples run backup restore cleanup doctor models migrate-volume test version help"
for %%W in (%words%) do if "%word%"=="%%W" goto word_%%W
if "%word%"=="-h" goto word_help
if "%word%"=="--help" goto word_help
set "cause=There is no command '%word%'."
set "remedy=orchestrator.bat help lists all commands."
call :find_nearest
if defined near set "remedy=Did you mean: orchestrator.bat %near%? %remedy%"
call :tell 2
exit /b 2

rem ---- the service ----

:word_build
call :need_engine
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_folders
if errorlevel 1 exit /b %ERRORLEVEL%
set rest=%args:*build=%
if [%first%]==["build"] set rest=%args:*build"=%
goto build_image

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
set "cause=start does not accept '%taken%'."
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

rem reported TEXT: whether the report of Compose contains a text.
:reported
%find% "%~1" "%report%" >nul 2>&1
exit /b %ERRORLEVEL%

rem A file for what Compose prints; two commands at the same time have two.
:choose_report
set "report=%TEMP%\orchestrator-%RANDOM%%RANDOM%.txt"
exit /b 0

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

rem Says when the image is older or newer than this clone, whose code it runs.
:notice_image
set "made_of=unknown"
for /f "delims=" %%V in ('docker image inspect --format "{{index .Config.Labels `org.opencontainers.image.version`}}" "%image%" 2^>nul') do set "made_of=%%V"
call :source_version
if not "%made_of%"=="%version%" call :say "The image is of version %made_of%, and this clone of version %version%. To build it anew: orchestrator.bat build"
if not "%made_of%"=="%version%" exit /b 0
docker run --rm -i --network none --entrypoint cmp "%image%" -s - /opt/venv/requirements.txt <"%here%\services\multi_agent_orchestrator\requirements.txt" 2>nul
if errorlevel 1 call :say "The image has other packages than this clone needs. To build it anew: orchestrator.bat build"
exit /b 0

rem The image of the model server is large, so it is fetched separately and the user sees the progress.
:fetch_ollama
if "%ORCHESTRATOR_OLLAMA%"=="host" exit /b 0
if not defined wanted_ollama exit /b 0
if defined built exit /b 0
set "wanted_image=%wanted_ollama%"
call :fetch_image
if not errorlevel 1 set "OLLAMA_IMAGE=%fetched%" & exit /b 0
call :fail 1 "The image %wanted_ollama% could not be fetched." "Check the network, or use an Ollama outside Docker: ORCHESTRATOR_OLLAMA=host"
exit /b 1

rem Sets fetched to wanted_image, fetched if it is not on this machine. If its digest cannot be fetched, an image of this
rem machine with the same tag does, with a warning. Ends with 1 without either.
:fetch_image
set "fetched=%wanted_image%"
docker image inspect "%fetched%" >nul 2>&1
if not errorlevel 1 exit /b 0
docker pull "%fetched%" 1>&2
if not errorlevel 1 exit /b 0
for /f "delims=@" %%T in ("%wanted_image%") do set "fetched=%%T"
if "%fetched%"=="%wanted_image%" exit /b 1
docker image inspect "%fetched%" >nul 2>&1
if errorlevel 1 exit /b 1
call :say "The fixed version of %fetched% cannot be fetched, so the image of this machine with that name is used."
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
call :quietly stop
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

:word_shell
call :need_running
if errorlevel 1 exit /b %ERRORLEVEL%
set rest=%args:*shell=%
if [%first%]==["shell"] set rest=%args:*shell"=%
set "program=sh"
goto work_enter

:word_cleanup
set "yes=no"
set "volumes=no"
set "models=no"
set "images=no"
:cleanup_words
if [%1]==[] goto cleanup_now
set "taken=%~1"
shift /1
if "%taken%"=="--yes" set "yes=yes" & goto cleanup_words
if "%taken%"=="-y" set "yes=yes" & goto cleanup_words
if "%taken%"=="--volumes" set "volumes=yes" & goto cleanup_words
if "%taken%"=="--models" set "models=yes" & goto cleanup_words
if "%taken%"=="--images" set "images=yes" & goto cleanup_words
set "cause=cleanup does not accept '%taken%'."
set "remedy=It takes --volumes, --models, --images and --yes."
call :tell 2
exit /b 2
:cleanup_now
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :refuse_foreign
if errorlevel 1 exit /b %ERRORLEVEL%
rem The volumes that the container has; without a container, those in the settings.
call :mounted /app/agent_memories
set "goes=%mount%"
if not defined goes set "goes=%ORCHESTRATOR_DATA_VOLUME%"
call :mounted /app/logs
if not defined mount set "mount=%ORCHESTRATOR_LOGS_VOLUME%"
set "goes=%goes% %mount%"
if "%volumes%"=="no" set "goes="
if "%models%"=="yes" set "goes=%goes% %OLLAMA_MODELS_VOLUME%"
call :say "This removes the containers and networks of the project %COMPOSE_PROJECT_NAME%."
for %%V in (%goes%) do call :say_deleted "%%V"
if "%images%"=="yes" call :say "This removes the image %image%."
if "%volumes%"=="yes" goto cleanup_volumes
call :say "The histories in %ORCHESTRATOR_DATA_VOLUME% are kept."
set "wanted=y"
call :agree "The containers will be removed."
if errorlevel 1 exit /b %ERRORLEVEL%
goto cleanup_end
:cleanup_volumes
call :offer_backup
if errorlevel 1 exit /b %ERRORLEVEL%
set "wanted=%COMPOSE_PROJECT_NAME%"
call :agree "All histories will be deleted."
if errorlevel 1 exit /b %ERRORLEVEL%
:cleanup_end
call :agree_to_end cleanup
if errorlevel 1 exit /b %ERRORLEVEL%
call :quietly down --remove-orphans
if not errorlevel 1 goto cleanup_check
call :fail 1 "The containers could not be removed." "The lines above show the reason."
exit /b 1
:cleanup_check
call :still_running
if not defined left goto cleanup_goes
call :fail 1 "Still running: %left%" "Remove it: docker rm -f %left%"
exit /b 1
:cleanup_goes
set "stuck="
for %%V in (%goes%) do call :remove_volume "%%V"
if not defined stuck goto cleanup_image
call :fail 1 "The volume %stuck% could not be deleted." "Another container uses it: docker ps -a --filter volume=%stuck%"
exit /b 1
:cleanup_image
if "%images%"=="no" goto cleanup_done
docker image inspect "%image%" >nul 2>&1
if errorlevel 1 goto cleanup_done
docker image rm "%image%" >nul
if not errorlevel 1 goto cleanup_done
call :fail 1 "The image %image% could not be removed." "Remove the containers that use it: docker ps -a --filter ancestor=%image%"
exit /b 1
:cleanup_done
call :say "Done."
exit /b 0

:say_deleted
docker volume inspect %1 >nul 2>&1
if errorlevel 1 exit /b 0
set "size=size unknown"
for /f "tokens=1" %%S in ('docker run --rm --network none -v "%~1:/v:ro" --user 0 --entrypoint du "%image%" -sh /v 2^>nul') do set "size=%%S"
call :say "This deletes the volume %~1 (%size%)."
exit /b 0

:remove_volume
docker volume inspect %1 >nul 2>&1
if errorlevel 1 exit /b 0
docker volume rm %1 >nul
if errorlevel 1 set "stuck=%~1"
exit /b 0

:offer_backup
if "%yes%"=="yes" exit /b 0
docker volume inspect "%ORCHESTRATOR_DATA_VOLUME%" >nul 2>&1
if errorlevel 1 exit /b 0
call :has_keyboard
if errorlevel 1 exit /b 0
set "typed="
set /p "typed=Make a backup first? [Y/n] " 1>&2
if /i "%typed%"=="n" exit /b 0
if /i "%typed%"=="no" exit /b 0
call :word_backup
if not errorlevel 1 exit /b 0
call :fail 1 "The backup failed, so nothing was deleted." "Try orchestrator.bat backup, or answer n."
exit /b 1

:word_doctor
set "faults=0"
call :look_for_engine
if not errorlevel 1 goto doctor_engine
echo FAULT %why%
echo       %remedy%
call :find_python
call :verdict "Python 3.11 or newer for the local mode %interpreter%" "Install it, or set PYTHON to its path."
exit /b 4
:doctor_engine
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
set "short=%compose%"
for /f "delims=" %%V in ('%compose% version --short 2^>nul') do set "short=%%V"
echo ok    Docker %engine%, Compose %short%
for %%F in (agents Role examples) do call :look_in_folder %%F
%compose% config >nul 2>&1
call :verdict "docker-compose.yml and .env" "To see the reason: docker compose config"
docker image inspect "%image%" >nul 2>&1
call :verdict "image %image%" "Build it: orchestrator.bat build"
call :look_at_disk
call :verdict "%free% MB free on this disk" "Images and a model need 5000 MB; to see what Docker uses: docker system df"
call :state
call :state_of_ollama
set "shown="
if defined ollama set "shown=(%ollama%)"
set "code=0"
if defined ollama if not "%ollama%"=="running" set "code=1"
call :give %code%
call :verdict "Ollama's container %shown%" "Start it: orchestrator.bat start"
if "%now%"=="running" (call :give 0) else (call :give 1)
call :verdict "container %container% (%now%)" "Start it: orchestrator.bat start"
if not "%now%"=="running" exit /b %faults%
docker exec "%container%" python -c "%probe%" >nul 2>&1
call :verdict "the service answers" "To see the reason: orchestrator.bat logs --tail 20"
call :look_at_clock
docker exec -e ORCHESTRATOR_CALLED_AS "%container%" orchestrator doctor
if errorlevel 1 set "faults=1"
exit /b %faults%

:look_in_folder
set "seen="
for /f "delims=" %%X in ('dir /b "%here%\%1" 2^>nul') do set "seen=%%X"
if defined seen (call :give 0) else (call :give 1)
call :verdict "folder %1" "Restore it: git checkout -- %1"
exit /b 0

rem Sets free to the megabytes on this disk: the last line of dir ends with the number of bytes and words.
:look_at_disk
set "free=0"
for /f "tokens=3" %%F in ('dir /-c "%here%" 2^>nul') do set "free=%%F"
set "free=%free:~0,-6%"
if not defined free set "free=0"
if %free% GEQ 5000 exit /b 0
exit /b 1

rem Compares the clocks with PowerShell, because cmd does not know the time of the world.
:look_at_clock
set "theirs="
for /f "delims=" %%T in ('docker exec "%container%" date -u +%%s 2^>nul') do set "theirs=%%T"
set "drift="
for /f "delims=" %%T in ('powershell -NoProfile -Command "%theirs% - [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()" 2^>nul') do set "drift=%%T"
if not defined drift exit /b 0
set "code=1"
if %drift% GEQ -5 if %drift% LEQ 5 set "code=0"
call :give %code%
call :verdict "the clock of the container is %drift% s off" "Restart Docker Desktop, or run: wsl --shutdown"
exit /b 0

rem give STATUS: for a check whose status is known.
:give
exit /b %1

:verdict
if errorlevel 1 goto verdict_fault
echo ok    %~1
exit /b 0
:verdict_fault
set "faults=1"
echo FAULT %~1
echo       %~2
exit /b 0

rem ---- the work ----

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

rem ---- the files of the caller: the container has its own files only ----

rem Gives the program the file that a word of the user names, the files that it matches, or a folder after --attach.
:give_word
set "after=%before%"
set "before=%it%"
if not defined it exit /b 0
if "%after%"=="-o" goto give_output
if "%after%"=="--output" goto give_output
if not exist "%it%" exit /b 0
if not "%it:?=%"=="%it%" goto give_matches
for /f "tokens=1* delims=*" %%S in ("x%it%x") do if not "%%T"=="" goto give_matches
for %%D in ("%it%") do set "marks=%%~aD"
if "%marks:~0,1%"=="d" goto give_folder
:give_it
for %%D in ("%it%") do (set "full=%%~fD" & set "bytes=%%~zD")
if not defined bytes exit /b 0
rem Eight digits are less than 100 MB.
set "padded=%bytes%........"
if "%padded:~8,1%"=="." goto give_bytes
set "cause=%it% is larger than 100 MB."
set "remedy=Attach the part that matters."
set "code=2"
call :tell 2
exit /b 0
:give_bytes
set "ORCHESTRATOR_FILE=%it%"
docker exec -i -e ORCHESTRATOR_CALL -e ORCHESTRATOR_FILE "%container%" python -c "%give_file%" <"%full%"
if errorlevel 1 set "code=1"
set "given=yes"
exit /b 0
:give_matches
for %%D in ("%it%") do (set "it=%%~D" & call :give_it)
exit /b 0
:give_folder
if "%after%"=="-a" goto give_packed
if not "%after%"=="--attach" exit /b 0
:give_packed
for %%D in ("%it%") do set "full=%%~fD"
if "%full:~-1%"=="\" set "full=%full:~0,-1%"
set "ORCHESTRATOR_FILE=%it%"
set "packed=%TEMP%\orchestrator-%ORCHESTRATOR_CALL%.tar"
"%tar%" -cf "%packed%" -C "%full%" .
docker exec -i -e ORCHESTRATOR_CALL -e ORCHESTRATOR_FILE "%container%" python -c "%give_folder%" <"%packed%"
if errorlevel 1 set "code=1"
del /q "%packed%"
set "given=yes"
exit /b 0
:give_output
if "%it%"=="-" exit /b 0
for %%D in ("%it%") do (set "full=%%~fD" & set "above=%%~dpD" & set "marks=%%~aD")
set "why="
if not exist "%above%" set "why=there is no such folder"
if "%marks:~0,1%"=="d" set "why=it is a folder"
if "%marks:~1,1%"=="r" set "why=it may only be read"
if not defined why if not exist "%it%" call :try_to_write
if defined why goto no_output
set /a outputs+=1
set "output_%outputs%=%it%"
if exist "%it%" goto give_it
set "ORCHESTRATOR_FILE=."
docker exec -e ORCHESTRATOR_CALL -e ORCHESTRATOR_FILE "%container%" python -c "%call_file%; root.mkdir(exist_ok=True)"
set "given=yes"
exit /b 0
:no_output
set "cause=%it% cannot be written: %why%."
set "remedy=Give a file in an existing folder."
set "code=6"
call :tell 6
exit /b 0
:try_to_write
type nul >"%full%" 2>nul
if not exist "%full%" set "why=no permission"
if exist "%full%" del /q "%full%"
exit /b 0

rem Takes the files that the program has written, and removes the copies in the container.
:take_files
if defined outputs for /f "tokens=1* delims==" %%A in ('set output_') do (set "it=%%B" & call :take_file)
:forget_files
if defined given docker exec -e ORCHESTRATOR_CALL "%container%" python -c "%forget_call%" >nul 2>&1
exit /b 0
:take_file
for %%D in ("%it%") do set "full=%%~fD"
set "ORCHESTRATOR_FILE=%it%"
docker exec -e ORCHESTRATOR_CALL -e ORCHESTRATOR_FILE "%container%" python -c "%take_file%" >"%full%.part" 2>nul
if errorlevel 1 del /q "%full%.part" & exit /b 0
move /y "%full%.part" "%full%" >nul
if errorlevel 1 call :say "The file was not written: %full%. It is in %full%.part"
exit /b 0

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

rem Ends with 0 if the input is a console: "timeout" fails if it is not.
:has_keyboard
"%SystemRoot%\System32\timeout.exe" /t 0 >nul 2>&1
exit /b %ERRORLEVEL%

:word_version
set "rest=--version"
call :find_place
if "%place%"=="container" goto work_inside
call :source_version
echo orchestrator %version%
exit /b 0

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

:word_help
if "%~1"=="exit-codes" goto exit_codes
call :usage
exit /b 0

rem ---- histories ----

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
if not defined keep set "keep=none"
set "cause=--keep is '%keep%'."
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

rem ---- volumes of older stacks ----

rem Sets older to the volumes whose names begin with the name of an older project.
:older_volumes
set "older="
for /f "delims=" %%V in ('docker volume ls --quiet --filter name^=_orchestrator_data 2^>nul') do (set "it=%%V" & call :older_volume)
exit /b 0
:older_volume
if not "%it:~-18%"=="_orchestrator_data" exit /b 0
if not "%it%"=="%ORCHESTRATOR_DATA_VOLUME%" call :add_older
exit /b 0

:add_older
if defined older set "older=%older% %it%"
if not defined older set "older=%it%"
exit /b 0

rem is_empty_volume NAME: whether a volume is missing or has no files.
:is_empty_volume
docker volume inspect %1 >nul 2>&1
if errorlevel 1 exit /b 0
set "seen="
for /f "delims=" %%F in ('docker run --rm --network none --user 0 -v "%~1:/v:ro" --entrypoint ls "%image%" -A /v 2^>nul') do set "seen=%%F"
if defined seen exit /b 1
exit /b 0

rem has_no_histories NAME: whether a volume is missing, or nothing was stored in it yet, such as after a first start.
:has_no_histories
docker volume inspect %1 >nul 2>&1
if errorlevel 1 exit /b 0
set "seen="
for /f "delims=" %%F in ('docker run --rm --network none --user 0 -v "%~1:/v:ro" -v "%here%\agents:/app/agents:ro" "%image%" backup empty /v 2^>nul') do set "seen=%%F"
if "%seen%"=="yes" exit /b 0
exit /b 1

:old_stack
call :older_volumes
for /f "tokens=1" %%V in ("%older%") do set "older=%%V"
if not defined older exit /b 0
call :has_no_histories "%ORCHESTRATOR_DATA_VOLUME%"
if errorlevel 1 exit /b 0
call :is_empty_volume "%older%"
if not errorlevel 1 exit /b 0
call :say "The volume %older% contains the histories of an older stack. To copy them: orchestrator.bat migrate-volume %older%"
exit /b 0

:word_migrate-volume
set "yes=no"
set "from="
:migrate_words
if [%1]==[] goto migrate_now
set "taken=%~1"
shift /1
if "%taken%"=="--yes" set "yes=yes" & goto migrate_words
if "%taken%"=="-y" set "yes=yes" & goto migrate_words
if not "%taken:~0,1%"=="-" set "from=%taken%" & goto migrate_words
set "cause=migrate-volume does not accept '%taken%'."
set "remedy=It takes the name of a volume and --yes."
call :tell 2
exit /b 2
:migrate_now
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_image
if errorlevel 1 exit /b %ERRORLEVEL%
if defined from goto migrate_look
call :older_volumes
for /f "tokens=1,2" %%V in ("%older%") do (set "from=%%V" & set "second=%%W")
if not defined from call :fail 1 "There is no volume of an older stack." "Give its name: orchestrator.bat migrate-volume VOLUME"
if not defined from exit /b 1
if defined second call :fail 2 "There are several volumes of older stacks: %older%" "Give the name of one of them."
if defined second exit /b 2
:migrate_look
if not "%from%"=="%ORCHESTRATOR_DATA_VOLUME%" goto migrate_known
call :fail 2 "%from% is the volume in use." "Give the name of another one; to list all volumes: docker volume ls"
exit /b 2
:migrate_known
docker volume inspect "%from%" >nul 2>&1
if not errorlevel 1 goto migrate_busy
set "cause=There is no volume '%from%'."
set "remedy=To list all volumes: docker volume ls"
call :tell 2
exit /b 2
:migrate_busy
set "user="
for /f "delims=" %%C in ('docker ps --quiet --filter "volume=%from%"') do set "user=%%C"
if not defined user goto migrate_from
call :fail 75 "A running container uses the volume %from%." "Stop the older stack first."
exit /b 75
:migrate_from
call :is_empty_volume "%from%"
if errorlevel 1 goto migrate_to
call :fail 1 "The volume %from% is empty." "To list all volumes: docker volume ls"
exit /b 1
:migrate_to
call :has_no_histories "%ORCHESTRATOR_DATA_VOLUME%"
if not errorlevel 1 goto migrate_agree
call :fail 1 "The volume %ORCHESTRATOR_DATA_VOLUME% already contains histories." "They are not overwritten: make a backup, then run orchestrator.bat cleanup --volumes."
exit /b 1
:migrate_agree
set /a unread=0
for /f "usebackq delims=" %%F in (`docker run --rm --network none --user 0 -v "%from%:/v:ro" --entrypoint python "%image%" -c "%count_old%" 2^>nul`) do set /a unread=%%F
if %unread% GTR 0 call :say "%from% has the memory of an earlier program (JSON files: %unread%). It is copied, but this version does not read it."
set "wanted=y"
call :agree "The files in %from% are copied to %ORCHESTRATOR_DATA_VOLUME%; %from% is not changed."
if errorlevel 1 exit /b %ERRORLEVEL%
call :state
if not "%now%"=="running" goto migrate_copy
call :agree_to_end "the migration"
if errorlevel 1 exit /b %ERRORLEVEL%
call :state
docker stop "%container%" >nul
:migrate_copy
set "user="
for /f "delims=" %%C in ('docker ps --quiet --filter "volume=%ORCHESTRATOR_DATA_VOLUME%"') do set "user=%%C"
if not defined user goto migrate_volume
call :fail 75 "A running container uses the volume %ORCHESTRATOR_DATA_VOLUME%." "Wait until it has ended, then try again."
exit /b 75
:migrate_volume
docker volume inspect "%ORCHESTRATOR_DATA_VOLUME%" >nul 2>&1
if errorlevel 1 %compose% run --rm -T --no-deps --entrypoint true multi_agent_orchestrator <nul
docker run --rm --network none --user 0 -v "%from%:/from:ro" -v "%ORCHESTRATOR_DATA_VOLUME%:/to" --entrypoint sh "%image%" -ec "%copy_volume%"
set "code=%ERRORLEVEL%"
if "%now%"=="running" docker start "%container%" >nul
if "%code%"=="0" call :say "Copied and compared."
if "%code%"=="0" exit /b 0
call :fail 1 "The copy is not complete." "%from% was not changed; check the free disk space and try again."
exit /b 1

rem ---- what is said ----

rem say TEXT
:say
set "line=%~1"
call :print 1>&2
exit /b 0

rem Prints line; whatever signs it has, none is read as a command.
:print
setlocal EnableDelayedExpansion
echo !line!
exit /b 0

rem fail STATUS CAUSE REMEDY
:fail
set "cause=%~2"
set "remedy=%~3"

rem tell STATUS: prints cause and remedy. Callers set both where they contain what the user typed.
:tell
setlocal EnableDelayedExpansion
>&2 echo Error: !cause!
>&2 echo   !remedy!
exit /b %1

rem Asks the user to agree, unless --yes is given. Without an answer it exits with status 2.
:agree
if "%yes%"=="yes" exit /b 0
call :has_keyboard
if not errorlevel 1 goto agree_ask
call :fail 2 "%~1 There is no terminal to ask on." "Add --yes to agree."
exit /b 2
:agree_ask
set "typed="
set "line=%~1 Type %wanted% to continue:"
call :print 1>&2
set /p "typed="
if "%typed%"=="%wanted%" exit /b 0
call :fail 2 "You did not agree, so nothing was done." "Add --yes to agree."
exit /b 2

rem Sets near to the command that a mistyped word or a word of Compose probably means.
:find_nearest
set "near="
for /f "delims=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-" %%X in ("%word%") do exit /b 0
for %%S in (up:start down:cleanup rm:cleanup uninstall:cleanup remove:cleanup halt:stop kill:stop end:stop) do call :synonym %%S
for %%S in (ps:status info:status stat:status stats:status bash:shell sh:shell chat:interactive talk:interactive log:logs) do call :synonym %%S
for %%S in (exec ask consult meeting review workflow agents types actions memory config) do if /i "%%S"=="%word%" set "near=run %%S"
if defined near exit /b 0
call :shorten "%word%"
set "shapes=%shorter%"
for %%W in (%words%) do call :compare %%W
exit /b 0
:synonym
for /f "tokens=1,2 delims=:" %%A in ("%1") do if /i "%%A"=="%word%" set "near=%%B"
exit /b 0

rem Two words are near if they are equal after at most one letter is left out of each.
:compare
if defined near exit /b 0
call :shorten %1
for %%A in (%shapes%) do for %%B in (%shorter%) do if /i "%%A"=="%%B" set "near=%1"
exit /b 0

rem shorten WORD: sets shorter to the word and to all words that are one letter shorter.
:shorten
set "head="
set "tail=%~1"
set "shorter=%~1"
:shorten_more
set "letter=%tail:~0,1%"
set "tail=%tail:~1%"
set "shorter=%shorter% %head%%tail%"
set "head=%head%%letter%"
if defined tail goto shorten_more
exit /b 0

rem ---- settings ----

:read_settings
if exist "%here%\.env" for /f "usebackq eol=# tokens=1* delims==" %%A in ("%here%\.env") do (set "key=%%A" & set "value=%%B" & call :env_line)
call :setting ORCHESTRATOR_CONTAINER multi_agent_orchestrator
call :setting ORCHESTRATOR_DATA_VOLUME orchestrator_data
call :setting ORCHESTRATOR_LOGS_VOLUME orchestrator_logs
call :setting OLLAMA_MODELS_VOLUME ollama_models
call :setting ORCHESTRATOR_TAG latest
call :setting ORCHESTRATOR_PORT 8000
call :setting ORCHESTRATOR_GPU ""
call :setting ORCHESTRATOR_OLLAMA container
call :setting ORCHESTRATOR_MEMORY ""
call :setting ORCHESTRATOR_MEMORY_RESERVED ""
call :setting ORCHESTRATOR_WAIT 90
call :setting ORCHESTRATOR_SUBNET ""
call :setting PYTHON_IMAGE ""
call :setting ORCHESTRATOR_BACKUPS backups
call :setting COMPOSE_PROJECT_NAME ""
rem Set by the user; the script sets the variable later.
set "set_project=%COMPOSE_PROJECT_NAME%"
set "container=%ORCHESTRATOR_CONTAINER%"
set "image=llm/multi_agent_orchestrator:%ORCHESTRATOR_TAG%"
set "backups=%ORCHESTRATOR_BACKUPS%"
if not "%backups:~1,1%"==":" if not "%backups:~0,1%"=="\" set "backups=%here%\%backups%"
set "venv=%ORCHESTRATOR_VENV%"
if not defined venv set "venv=%here%\.venv"
set "probe=from agents.api.healthcheck import check; check()"
set "show_facts=from agents.api.healthcheck import fetch; print(fetch('/status').translate(str.maketrans('', '', chr(34) + ',{}')).strip())"
rem All files are copied beside those that are there, compared, and only then put into place. The database of a store without
rem histories gives way; every other file that is there stays.
set "copy_volume=new=/to/.migrating; rm -rf $new; cp -a /from $new; diff -r /from $new"
set "copy_volume=%copy_volume%; if [ -e $new/orchestrator.db ]; then rm -f /to/orchestrator.db /to/orchestrator.db-*; fi"
set "copy_volume=%copy_volume%; cp -aln $new/. /to/; rm -rf $new; chown -R 10001:10001 /to; chmod 700 /to"
set "count_old=import glob; print(len(set(glob.glob('/v/*.json')) - {'/v/projects.json'}))"
rem The commands in the container besides the service; the key is in two parts so that it does not find itself.
set "find_work=import os, pathlib, time; key = 'bin/' + 'orchestrator '; all = [(p, w) for p in pathlib.Path('/proc').glob('[0-9]*/cmdline') if p.exists() for w in [p.read_bytes().decode(errors='replace').replace(chr(0), ' ')] if key in w and 'python' in w.split(key)[0] and key + 'serve' not in w]"
set "list_work=%find_work%; [print('  ' + w.split(key, 1)[1][:100].strip()) for p, w in all]"
set "end_work=%find_work%; [os.kill(int(p.parent.name), 15) for p, w in all]; [time.sleep(0.2) for i in range(50) if any(p.exists() for p, w in all)]"
set "end_call=import os, pathlib; key = ('ORCHESTRATOR_CALL=' + os.environ['ORCHESTRATOR_ENDED']).encode(); [os.kill(int(p.parent.name), 2) for p in pathlib.Path('/proc').glob('[0-9]*/environ') if p.exists() and key in p.read_bytes().split(bytes(1))]"
rem A file of a call has the name that the user wrote, in a folder of the call where the program starts.
set "call_file=import io, os, pathlib, shutil, sys, tarfile; place = pathlib.Path('/tmp/calls', os.environ['ORCHESTRATOR_CALL']); root = place / 'root'; file = root / os.environ.get('ORCHESTRATOR_FILE', '.'); file.parent.mkdir(parents=True, exist_ok=True)"
set "give_file=%call_file%; file.write_bytes(sys.stdin.buffer.read())"
set "give_folder=%call_file%; tarfile.open(fileobj=io.BytesIO(sys.stdin.buffer.read())).extractall(file)"
set "take_file=%call_file%; sys.stdout.buffer.write(file.read_bytes())"
set "forget_call=%call_file%; shutil.rmtree(place)"
rem Other programs called find and tar may be earlier in the PATH.
set "find=%SystemRoot%\System32\find.exe"
set "tar=tar"
if exist "%SystemRoot%\System32\tar.exe" set "tar=%SystemRoot%\System32\tar.exe"
exit /b 0

rem One line of .env, as Compose and the program read it: "export" is allowed, quotes are removed, a comment begins after a
rem blank, and of two lines the last one counts. The first line may begin with a mark of an editor.
:env_line
set "mark="
set "key=%key:"=%"
if not defined key exit /b 0
for /f "delims=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_ " %%X in ("%key%") do set "mark=%%X"
if not defined mark goto env_key
rem A comment may begin after blanks, or after the mark.
if not "%mark:#=%"=="%mark%" exit /b 0
for /f "tokens=* delims=%mark%" %%K in ("%key%") do set "key=%%K"
:env_key
for /f "tokens=1,2" %%K in ("%key%") do (set "key=%%K" & if "%%K"=="export" set "key=%%L")
if not defined value goto env_set
set "value=%value:"=|%"
:env_left
if not defined value goto env_set
if "%value:~0,1%"==" " set "value=%value:~1%" & goto env_left
if "%value:~0,1%"=="|" goto env_quoted
if "%value:~0,1%"=="'" goto env_single
set "value=%value: #=|%"
:env_cut
for /f "delims=|" %%V in ("%value%") do set "value=%%V"
:env_right
if "%value:~-1%"==" " set "value=%value:~0,-1%" & goto env_right
goto env_set
:env_quoted
set "value=%value:~1%"
if not defined value goto env_set
if "%value:~0,1%"=="|" set "value=" & goto env_set
for /f "delims=|" %%V in ("%value%") do set "value=%%V"
goto env_set
:env_single
for /f "delims='" %%V in ("%value%") do set "value=%%V"
:env_set
set "env_%key%=%value%"
exit /b 0

rem setting NAME DEFAULT: from the environment, else from .env, else the default.
:setting
if defined %1 exit /b 0
set "%1=%~2"
if defined env_%1 call set "%1=%%env_%1%%"
exit /b 0

rem in_megabytes SIZE: sets megabytes to a size such as 4G, 1.5g, 512m or a number of bytes; to nothing if it is no size.
:in_megabytes
set "megabytes="
set "size=%~1"
if /i "%size:~-1%"=="b" set "size=%size:~0,-1%"
set "unit=%size:~-1%"
for %%U in (k m g) do if /i "%unit%"=="%%U" set "size=%size:~0,-1%"
if not defined size exit /b 0
for /f "delims=0123456789." %%X in ("%size%") do exit /b 0
set "tenth=0"
for /f "tokens=1,2 delims=." %%A in ("%size%") do (set "size=%%A" & set "tenth=%%B")
if not defined tenth set "tenth=0"
set "tenth=%tenth:~0,1%"
if /i "%unit%"=="g" set /a megabytes=size*1024+tenth*1024/10
if /i "%unit%"=="m" set /a megabytes=size
if /i "%unit%"=="k" set /a megabytes=size/1024
if defined megabytes exit /b 0
set "padded=%size%......."
if "%padded:~6,1%"=="." set "megabytes=0" & exit /b 0
set /a megabytes=%size:~0,-6%*15625/16384
exit /b 0

rem Half of a memory limit of the user is reserved, unless the user says how much: an engine refuses more than the limit.
:derive_limits
if not defined ORCHESTRATOR_MEMORY if not defined ORCHESTRATOR_MEMORY_RESERVED exit /b 0
set "limit=%ORCHESTRATOR_MEMORY%"
if not defined limit set "limit=4G"
call :in_megabytes "%limit%"
set "most=%megabytes%"
if not defined most call :fail 2 "ORCHESTRATOR_MEMORY is '%limit%'." "Give it a size such as 4G or 512m."
if not defined most exit /b 2
set /a half=most/2
if not defined ORCHESTRATOR_MEMORY_RESERVED set "ORCHESTRATOR_MEMORY_RESERVED=%half%m"
call :in_megabytes "%ORCHESTRATOR_MEMORY_RESERVED%"
if not defined megabytes call :fail 2 "ORCHESTRATOR_MEMORY_RESERVED is '%ORCHESTRATOR_MEMORY_RESERVED%'." "Give it a size such as 2G or 256m."
if not defined megabytes exit /b 2
if %megabytes% LEQ %most% exit /b 0
call :fail 2 "ORCHESTRATOR_MEMORY_RESERVED, %ORCHESTRATOR_MEMORY_RESERVED%, is more than ORCHESTRATOR_MEMORY, %limit%." "Set it to half of that, or leave it out."
exit /b 2

rem ---- the engine and Compose ----

:look_for_engine
set "installed=no"
set "engine="
set "why=Docker is not installed."
set "remedy=Install it (see docs/DEPLOYMENT_GUIDE.md), or work without it: orchestrator.bat demo"
set "found="
for %%P in (docker.exe) do set "found=%%~$PATH:P"
if not defined found exit /b 1
set "installed=yes"
for /f "delims=" %%V in ('docker version --format "{{.Server.Version}}" 2^>nul') do set "engine=%%V"
if defined engine for %%N in (1 2 3 4 5 6 7 8 9) do if "%engine:~0,1%"=="%%N" exit /b 0
set "engine="
set "answer="
for /f "delims=" %%V in ('docker version --format "{{.Server.Version}}" 2^>^&1') do set "answer=%%V"
set "why=The Docker engine does not answer."
set "remedy=Start Docker Desktop and wait until it is running."
if not defined answer exit /b 1
set "answer=%answer:"=%"
if "%answer:denied=%"=="%answer%" exit /b 1
set "why=You do not have permission to use the Docker engine."
set "remedy=Join its group, docker-users, then log in again."
exit /b 1

:need_engine
call :look_for_engine
if errorlevel 1 call :fail 4 "%why%" "%remedy%"
if not defined engine exit /b 4
for /f "tokens=1,2 delims=." %%A in ("%engine%") do (set "major=%%A" & set "minor=%%B")
if %major% GTR 20 exit /b 0
if %major% EQU 20 if not "%minor:~0,1%"=="0" exit /b 0
call :fail 4 "Docker %engine% is too old." "Install Docker 20.10 or newer."
exit /b 4

rem All commands use the same Compose: its versions give the containers different names.
:need_compose
call :need_engine
if errorlevel 1 exit /b 4
cd /d "%here%"
set "compose=%ORCHESTRATOR_COMPOSE%"
if "%compose%"=="docker compose" goto compose_files
if "%compose%"=="docker-compose" goto compose_version
if not defined compose goto compose_choose
call :fail 2 "ORCHESTRATOR_COMPOSE is '%compose%'." "Set it to 'docker compose' or 'docker-compose'."
exit /b 2
:compose_choose
set "compose=docker compose"
docker compose version >nul 2>&1
if not errorlevel 1 goto compose_files
set "compose=docker-compose"
set "found="
for %%P in (docker-compose.exe) do set "found=%%~$PATH:P"
if defined found goto compose_version
call :fail 4 "Docker Compose is not installed." "Install its plugin: see docs.docker.com/compose/install"
exit /b 4
:compose_version
set "short=0"
for /f "delims=" %%V in ('docker-compose version --short 2^>nul') do set "short=%%V"
if "%short:~0,5%"=="1.29." goto compose_files
for %%N in (2 3 4 5 6 7 8 9) do if "%short:~0,2%"=="%%N." goto compose_files
call :fail 4 "This docker-compose is too old." "Install the Compose plugin, or docker-compose 1.29."
exit /b 4
:compose_files
set "ORCHESTRATOR_CALLED_AS=orchestrator.bat"
set "alone=%compose% run --rm -T --no-deps -e ORCHESTRATOR_CALLED_AS multi_agent_orchestrator"
set "more="
if not defined ORCHESTRATOR_GPU goto compose_ollama
set "more=services/overrides/gpu-%ORCHESTRATOR_GPU%.yml"
if "%ORCHESTRATOR_GPU%"=="nvidia" goto compose_ollama
if "%ORCHESTRATOR_GPU%"=="amd" goto compose_ollama
call :fail 2 "'%ORCHESTRATOR_GPU%' is not a supported graphics card." "Use nvidia or amd, or leave the option out."
exit /b 2
:compose_ollama
if "%ORCHESTRATOR_OLLAMA%"=="container" goto compose_more
if "%ORCHESTRATOR_OLLAMA%"=="host" set "more=%more% services/overrides/host-ollama.yml" & goto compose_more
call :fail 2 "ORCHESTRATOR_OLLAMA is '%ORCHESTRATOR_OLLAMA%'." "Set it to container or host."
exit /b 2
:compose_more
call :setting LLM_API_KEY_FILE ""
call :setting API_TOKEN_FILE ""
if defined LLM_API_KEY_FILE set "more=%more% services/overrides/llm-api-key.yml"
if defined API_TOKEN_FILE set "more=%more% services/overrides/api-token.yml"
if not defined more goto compose_limits
if not defined COMPOSE_PATH_SEPARATOR set "COMPOSE_PATH_SEPARATOR=;"
call :setting COMPOSE_FILE docker-compose.yml
for %%F in (docker-compose.override.yml %more%) do if exist "%here%\%%F" call :add_file %%F
:compose_limits
call :derive_limits
if errorlevel 1 exit /b %ERRORLEVEL%
call :find_project
exit /b 0
:add_file
for %%E in (%COMPOSE_FILE%) do if "%%E"=="%1" exit /b 0
set "COMPOSE_FILE=%COMPOSE_FILE%%COMPOSE_PATH_SEPARATOR%%1"
exit /b 0

rem quietly ARGUMENT ...: runs Compose; what it prints is shown only if it fails.
:quietly
call :choose_report
%compose% %* <nul >"%report%" 2>&1
set "code=%ERRORLEVEL%"
if not "%code%"=="0" type "%report%" 1>&2
del /q "%report%"
exit /b %code%

rem ---- which Compose project is meant: the same for this script and for plain Compose ----

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
call :quietly down --remove-orphans
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

rem mounted FOLDER: sets mount to the volume that the container of the service has at a folder.
:mounted
set "mount="
for /f "delims=" %%V in ('docker inspect --type container --format "{{range .Mounts}}{{if eq .Destination `%1`}}{{.Name}}{{end}}{{end}}" "%container%" 2^>nul') do set "mount=%%V"
exit /b 0

rem Compose keeps a container whose volumes have got other names in the settings, with the old volumes. It is removed, so
rem that the next one has the volumes of the settings. Volumes are kept.
:change_volumes
call :mounted /app/agent_memories
if not defined mount exit /b 0
if "%mount%"=="%ORCHESTRATOR_DATA_VOLUME%" goto change_logs
call :say "The container used the volume %mount%; from now on it uses %ORCHESTRATOR_DATA_VOLUME%, as set. %mount% is kept."
call :say "To copy its histories: orchestrator.bat migrate-volume %mount%"
docker rm -f "%container%" >nul
exit /b 0
:change_logs
call :mounted /app/logs
if not defined mount exit /b 0
if "%mount%"=="%ORCHESTRATOR_LOGS_VOLUME%" exit /b 0
call :say "The container used the volume %mount%; from now on it uses %ORCHESTRATOR_LOGS_VOLUME%, as set. %mount% is kept."
docker rm -f "%container%" >nul
exit /b 0

rem Sets network to the front network of the project if it was made with another subnet, or by a version without one.
:other_network
set "network="
for /f "delims=" %%N in ('docker network ls --quiet --filter "label=com.docker.compose.project=%COMPOSE_PROJECT_NAME%" --filter label^=com.docker.compose.network^=front-tier 2^>nul') do set "network=%%N"
if not defined network exit /b 0
set "made="
for /f "delims=" %%G in ('docker network inspect --format "{{range .IPAM.Config}}{{index .AuxAddress `DefaultGatewayIPv4`}}{{end}}" %network% 2^>nul') do set "made=%%G"
if "%made%"=="%gateway%" set "network="
exit /b 0

rem Removes such a network with the container of the service, so that the next start makes both anew.
:renew_network
call :other_network
if not defined network exit /b 0
%compose% rm --stop --force multi_agent_orchestrator >nul 2>&1
docker network rm %network% >nul
if not errorlevel 1 exit /b 0
call :fail 1 "The network of an earlier start could not be removed." "Stop the service first: orchestrator.bat stop"
exit /b 1

rem ---- the container ----

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

:need_image
docker image inspect "%image%" >nul 2>&1
if not errorlevel 1 exit /b 0
call :fail 3 "The image is not built yet." "Build it: orchestrator.bat build"
exit /b 3

rem Docker would create a missing folder, and it would hide the folder in the image.
:need_folders
call :need_folder agents
if errorlevel 1 exit /b 1
call :need_folder Role
if errorlevel 1 exit /b 1
call :need_folder examples
exit /b %ERRORLEVEL%
:need_folder
set "seen="
for /f "delims=" %%X in ('dir /b "%here%\%1" 2^>nul') do set "seen=%%X"
if defined seen exit /b 0
call :fail 1 "The folder %1 is missing or empty." "Restore it: git checkout -- %1"
exit /b 1

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

rem ---- where commands run ----

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

:build_image
cd /d "%here%"
call :source_version
call :choose_base
set "more="
for /f "tokens=1,2" %%R in ('git log -1 "--format=%%h %%cI" 2^>nul') do set "more=--label=org.opencontainers.image.revision=%%R --label=org.opencontainers.image.created=%%S"
call :add_attestations
for %%N in (PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST HTTP_PROXY HTTPS_PROXY NO_PROXY) do if defined %%N call :add_build_arg %%N
call :say "Building %image% ..."
set "DOCKER_BUILDKIT=1"
docker build --file services/multi_agent_orchestrator/orchestrator.Dockerfile --tag "%image%" --build-arg "VERSION=%version%" --build-arg "PYTHON_IMAGE=%fetched%" %more% %rest% .
if not errorlevel 1 call :say "Built %image%. Next: orchestrator.bat start" & exit /b 0
call :fail 1 "The image could not be built." "The output above shows the reason. PIP_INDEX_URL sets a package mirror."
exit /b 1

rem Sets fetched to the Python image to build from: the user's, else the fixed one. If it can be had nowhere, the builder says why.
:choose_base
set "fetched=%PYTHON_IMAGE%"
if defined fetched exit /b 0
set "wanted_image="
for /f "tokens=2 delims={}" %%I in ('type services\multi_agent_orchestrator\orchestrator.Dockerfile ^| %find% " AS base"') do set "wanted_image=%%I"
set "wanted_image=%wanted_image:*:-=%"
call :fetch_image
if errorlevel 1 set "fetched=%wanted_image%"
exit /b 0

rem Adds flags for a list of the packages (SBOM) and for provenance, where the engine can keep them: an image with them is an
rem index, which only the image store of containerd holds.
:add_attestations
call :choose_report
docker info --format "{{.DriverStatus}}" >"%report%" 2>&1
call :reported io.containerd.snapshotter
if errorlevel 1 del /q "%report%" & exit /b 0
docker build --help >"%report%" 2>&1
call :reported "--provenance"
if errorlevel 1 del /q "%report%" & exit /b 0
del /q "%report%"
set "more=%more% --provenance=mode=max"
set "base=%fetched%"
set "wanted_image=docker/buildkit-syft-scanner:stable-1"
call :fetch_image 2>nul
if not errorlevel 1 set "more=%more% --sbom=generator=%fetched%"
set "fetched=%base%"
exit /b 0
:source_version
set "version=0.0.0"
for /f "tokens=3" %%V in ('type "%here%\agents\__init__.py" ^| %find% "__version__ = "') do set "version=%%~V"
exit /b 0
:add_build_arg
set "more=%more% --build-arg %1"
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

rem ---- texts ----

:exit_codes
echo 0    done
echo 1    failed
echo 2    a wrong argument, or a confirmation that was not given
echo 3    the service or the model is not available
echo 4    Docker or Compose is missing or does not answer
echo 5    the backup is damaged or does not fit this version
echo 6    no space on the disk, or no permission
echo 75   another process is using the histories; try again later
echo 129  the terminal was closed
echo 130  interrupted with Ctrl-C
echo 143  ended with SIGTERM
exit /b 0

:usage
echo Usage: orchestrator.bat COMMAND [ARGUMENT ...]
echo.
echo The service
echo   build               build the image; arguments go to docker build
echo   start               check the machine, start, wait for health, fetch the model: [--gpu nvidia or amd] [--no-pull]
echo   stop                stop the service; histories are kept: [--yes]
echo   restart             stop and start the service: [--yes] and the options of start
echo   status              container, health, resources, model: [--json]
echo   logs                [-f] [--tail N] [SERVICE]
echo   shell               a shell inside the container
echo   doctor              check the machine and the service; shows a remedy for each fault
echo   cleanup             remove the containers; histories are kept: [--volumes] [--models] [--images] [--yes]
echo.
echo The work
echo   interactive         talk to the agents
echo   demo                ask an agent, see a checklist, watch a recorded meeting
echo   examples            small programs that use the library: examples list, run NAME, show NAME
echo   run ...             any orchestrator command, such as: run types list
echo                       Files that it names go into the container and back: run meeting run ... --attach plan.md -o minutes.html
echo                       In PowerShell, name a file after --attach; docs/DEPLOYMENT_GUIDE.md explains pipes there
echo   models              list, pull NAME, show NAME ...
echo.
echo Histories
echo   backup              make a backup in backups\YYYYMMDD_HHMMSS: [--keep N]; backup list, backup verify DIR
echo   restore DIR         replace the histories with a backup: [--check] [--into container or local] [--yes]; restore --undo
echo   migrate-volume      copy the histories from an older stack: [VOLUME] [--yes]
echo.
echo   test                run the tests, in .venv
echo   version             print the version
echo   help                print this text; help exit-codes explains the exit codes
echo.
echo Without a Docker engine, or before the image is built, commands run in a virtual environment in .venv
echo (ORCHESTRATOR_VENV names another folder), which needs Python 3.11 or newer. ORCHESTRATOR_MODE=local always does that.
echo Settings are read from .env; .env.example lists them.
exit /b 0
