@echo off
rem Manages the orchestrator on Windows: in containers if a Docker engine answers, otherwise in a virtual environment.
rem The commands and their exit codes are those of orchestrator.sh. The logic is in the Python command line.
rem Keep it CRLF and ASCII; decide with "if errorlevel" and goto, never with ERRORLEVEL inside parentheses.
setlocal EnableExtensions DisableDelayedExpansion

set "here=%~dp0"
if "%here:~-1%"=="\" set "here=%here:~0,-1%"
set "caller=%CD%"
set args=%*
call :take
set "word=%taken%"
if not defined word set "word=help"

call :read_settings
set "words=build start stop restart status logs shell interactive demo examples run backup restore cleanup doctor models migrate-volume test version help"
for %%W in (%words%) do if "%word%"=="%%W" goto word_%%W
if "%word%"=="-h" goto word_help
if "%word%"=="--help" goto word_help
call :usage 1>&2
call :say "Error: There is no command '%word%'."
call :say "  All commands are listed above."
exit /b 2

rem ---- the service ----

:word_build
call :need_engine
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_folders
if errorlevel 1 exit /b %ERRORLEVEL%
call :build_image
exit /b %ERRORLEVEL%

:word_start
set "pull=yes"
:start_words
call :take
if not defined taken goto start_now
if "%taken%"=="--no-pull" set "pull=no" & goto start_words
if "%taken%"=="--gpu" goto start_gpu
call :fail 2 "start does not accept '%taken%'." "It takes --gpu nvidia, --gpu amd and --no-pull."
exit /b 2
:start_gpu
call :take
set "ORCHESTRATOR_GPU=%taken%"
goto start_words
:start_now
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_folders
if errorlevel 1 exit /b %ERRORLEVEL%
docker image inspect "%image%" >nul 2>&1
if not errorlevel 1 goto start_up
call :build_image
if errorlevel 1 exit /b %ERRORLEVEL%
:start_up
call :say "Starting ..."
set "only="
if "%ORCHESTRATOR_OLLAMA%"=="host" set "only=--no-deps multi_agent_orchestrator"
%compose% up -d %only% 1>&2
if not errorlevel 1 goto start_wait
call :fail 1 "The containers could not be started." "The lines above show the reason; orchestrator.bat doctor checks more. ORCHESTRATOR_PORT sets the port."
exit /b 1
:start_wait
call :wait_for_health
if errorlevel 1 exit /b %ERRORLEVEL%
if "%pull%"=="no" goto start_ready
docker exec "%container%" orchestrator models ensure
if errorlevel 1 call :say "The model is not available yet, so the agents rehearse. Try again: orchestrator.bat models ensure"
:start_ready
call :say "Ready on http://127.0.0.1:%ORCHESTRATOR_PORT%/status. Next: orchestrator.bat demo, or orchestrator.bat interactive"
exit /b 0

:word_stop
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
%compose% stop 1>&2
exit /b %ERRORLEVEL%

:word_restart
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
%compose% stop 1>&2
if errorlevel 1 exit /b %ERRORLEVEL%
goto word_start

:word_status
set "json=no"
call :take
if not defined taken goto status_now
if "%taken%"=="--json" set "json=yes" & goto status_now
call :fail 2 "status does not accept '%taken%'." "It takes --json."
exit /b 2
:status_now
call :need_engine
if errorlevel 1 exit /b %ERRORLEVEL%
call :state
set "health="
if not "%now%"=="running" goto status_say
set "health=unhealthy"
docker exec "%container%" python -c "%probe%" >nul 2>&1
if not errorlevel 1 set "health=healthy"
:status_say
if "%json%"=="yes" goto status_json
if not defined now echo %container%: absent
if defined now if not defined health echo %container%: %now%
if defined health echo %container%: %now%, %health%
if not "%now%"=="running" goto status_end
docker stats --no-stream --format "{{.CPUPerc}} CPU, {{.MemUsage}}, {{.PIDs}} processes" "%container%"
docker exec "%container%" orchestrator status
goto status_end
:status_json
set "facts=null"
if not "%now%"=="running" goto status_json_say
for /f "usebackq delims=" %%F in (`docker exec "%container%" python -c "import json; from agents.api.healthcheck import fetch; print(json.dumps(json.loads(fetch('/status'))))" 2^>nul`) do set "facts=%%F"
:status_json_say
set "told=%now%"
if not defined told set "told=absent"
setlocal EnableDelayedExpansion
echo {"container": "!container!", "state": "!told!", "health": "!health!", "service": !facts!}
endlocal
:status_end
if "%health%"=="healthy" exit /b 0
if defined health exit /b 1
if "%now%"=="restarting" exit /b 1
call :say "Start it: orchestrator.bat start"
exit /b 3

:word_logs
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :state
if defined now goto logs_now
call :fail 3 "The service has not been started yet." "Start it: orchestrator.bat start"
exit /b 3
:logs_now
if not defined args set "args=--tail=100"
%compose% logs %args%
exit /b %ERRORLEVEL%

:word_shell
call :need_running
if errorlevel 1 exit /b %ERRORLEVEL%
call :terminal
docker exec %terminal% "%container%" sh %args%
exit /b %ERRORLEVEL%

:word_cleanup
set "yes=no"
set "volumes=no"
set "models=no"
set "images=no"
:cleanup_words
call :take
if not defined taken goto cleanup_now
if "%taken%"=="--yes" set "yes=yes" & goto cleanup_words
if "%taken%"=="-y" set "yes=yes" & goto cleanup_words
if "%taken%"=="--volumes" set "volumes=yes" & goto cleanup_words
if "%taken%"=="--models" set "models=yes" & goto cleanup_words
if "%taken%"=="--images" set "images=yes" & goto cleanup_words
call :fail 2 "cleanup does not accept '%taken%'." "It takes --volumes, --models, --images and --yes."
exit /b 2
:cleanup_now
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
call :say "This removes the containers and networks of the project %COMPOSE_PROJECT_NAME%."
if "%volumes%"=="yes" call :say "This deletes the volumes %ORCHESTRATOR_DATA_VOLUME% and %ORCHESTRATOR_LOGS_VOLUME%. Make a backup first: orchestrator.bat backup"
if "%volumes%"=="no" call :say "The histories in %ORCHESTRATOR_DATA_VOLUME% are kept."
if "%models%"=="yes" call :say "This deletes the volume %OLLAMA_MODELS_VOLUME%."
if "%images%"=="yes" call :say "This removes the image %image%."
set "wanted=y"
set "question=The containers will be removed."
if "%volumes%"=="yes" set "wanted=%COMPOSE_PROJECT_NAME%"
if "%volumes%"=="yes" set "question=All histories will be deleted."
call :agree "%question%"
if errorlevel 1 exit /b %ERRORLEVEL%
%compose% down --remove-orphans 1>&2
if errorlevel 1 exit /b 1
set "goes="
if "%volumes%"=="yes" set "goes=%ORCHESTRATOR_DATA_VOLUME% %ORCHESTRATOR_LOGS_VOLUME%"
if "%models%"=="yes" set "goes=%goes% %OLLAMA_MODELS_VOLUME%"
set "stuck="
for %%V in (%goes%) do call :remove_volume "%%V"
if "%images%"=="yes" docker image rm "%image%" >nul
if not defined stuck call :say "Done." & exit /b 0
call :fail 1 "The volume %stuck% could not be deleted." "Another container uses it: docker ps -a --filter volume=%stuck%"
exit /b 1

:remove_volume
docker volume inspect %1 >nul 2>&1
if errorlevel 1 exit /b 0
docker volume rm %1 >nul
if errorlevel 1 set "stuck=%~1"
exit /b 0

:word_doctor
set "faults=0"
call :look_for_engine
if not errorlevel 1 goto doctor_engine
echo FAULT %why%
echo       %remedy%
exit /b 4
:doctor_engine
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
set "engine="
for /f "delims=" %%V in ('docker version --format "{{.Server.Version}}" 2^>nul') do set "engine=%%V"
echo ok    Docker %engine%, %compose%
call :need_folders
if errorlevel 1 set "faults=1"
%compose% config >nul 2>&1
call :verdict "docker-compose.yml and .env" "To see the reason: docker compose config"
docker image inspect "%image%" >nul 2>&1
call :verdict "image %image%" "Build it: orchestrator.bat build"
docker exec "%container%" python -c "%probe%" >nul 2>&1
call :verdict "the service answers" "Start it: orchestrator.bat start. To see the reason: orchestrator.bat logs"
call :state
if not "%now%"=="running" exit /b %faults%
docker exec "%container%" orchestrator doctor
if errorlevel 1 set "faults=1"
exit /b %faults%

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

:word_interactive
:word_demo
:word_examples
:word_models
set args=%word% %args%
:word_run
call :find_place
if "%place%"=="container" goto work_inside
if "%place%"=="alone" call :need_running & exit /b 3
call :install_local
if errorlevel 1 exit /b %ERRORLEVEL%
"%venv%\Scripts\python.exe" -m agents %args%
exit /b %ERRORLEVEL%
:work_inside
call :terminal
docker exec %terminal% "%container%" orchestrator %args%
exit /b %ERRORLEVEL%

:word_version
set "args=--version"
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
"%venv%\Scripts\python.exe" -m pytest -q -n auto --dist loadfile --no-loadscope-reorder %args%
exit /b %ERRORLEVEL%

:word_help
call :take
if "%taken%"=="exit-codes" goto exit_codes
call :usage
exit /b 0

rem ---- histories ----

:word_backup
set "keep="
set "extra="
call :take
if "%taken%"=="list" goto backup_list
if "%taken%"=="verify" goto backup_verify
:backup_words
if not defined taken goto backup_now
if "%taken%"=="--allow-empty" set "extra=--allow-empty" & call :take & goto backup_words
if "%taken%"=="--keep" goto backup_keep
call :fail 2 "backup does not accept '%taken%'." "It takes --keep N, --allow-empty, list and verify DIR."
exit /b 2
:backup_keep
call :take
set "keep=%taken%"
set "bad=yes"
for /l %%N in (1,1,999) do if "%taken%"=="%%N" set "bad="
if not defined bad call :take & goto backup_words
if not defined keep set "keep=none"
call :fail 2 "--keep is '%keep%'." "It takes a number from 1 to 999."
exit /b 2
:backup_now
call :need_histories
if errorlevel 1 exit /b %ERRORLEVEL%
if not exist "%backups%\" mkdir "%backups%" 2>nul
set "partial=%backups%\.partial-%RANDOM%%RANDOM%"
mkdir "%partial%" 2>nul
if exist "%partial%\" goto backup_stream
call :fail 6 "The folder %backups% cannot be written." "Set ORCHESTRATOR_BACKUPS to another folder."
exit /b 6
:backup_stream
%inside% backup --stdout %extra% >"%partial%\stream.tar" <nul
set "code=%ERRORLEVEL%"
if not "%code%"=="0" goto no_backup
set "code=1"
tar -xf "%partial%\stream.tar" -C "%partial%"
if errorlevel 1 goto no_backup
del /q "%partial%\stream.tar"
set "name="
for /f "delims=" %%D in ('dir /b /ad "%partial%"') do set "name=%%D"
if not defined name goto no_backup
set "directory=%partial%\%name%"
if not exist "%directory%\manifest.json" goto no_backup
set "code=5"
call :pack "%partial%\again.tar"
if errorlevel 1 goto no_backup
%inside% backup verify - <"%partial%\again.tar" 2>nul
if errorlevel 1 goto no_backup
set "code=1"
if exist "%backups%\%name%\" goto no_backup
move "%directory%" "%backups%\%name%" >nul
if errorlevel 1 goto no_backup
rd /s /q "%partial%"
set "left=%keep%"
if defined keep for /f "delims=" %%D in ('dir /b /ad /o-n "%backups%"') do call :prune "%%D"
call :say "Verified. Restore it with: orchestrator.bat restore %name%"
echo %backups%\%name%
exit /b 0
:no_backup
rd /s /q "%partial%"
call :say "No backup was made."
exit /b %code%

:prune
set "it=%~1"
if not exist "%backups%\%it%\manifest.json" exit /b 0
if not "%it:~8,1%"=="_" exit /b 0
if "%it%"=="%name%" exit /b 0
set /a left-=1
if %left% GTR 0 exit /b 0
rd /s /q "%backups%\%it%"
exit /b 0

:backup_list
if not exist "%backups%\" exit /b 0
for /f "delims=" %%D in ('dir /b /ad /on "%backups%"') do call :list_one "%%D"
exit /b 0
:list_one
set "it=%~1"
if not "%it:~8,1%"=="_" exit /b 0
if exist "%backups%\%it%\manifest.json" echo %it%
if not exist "%backups%\%it%\manifest.json" echo %it%  no manifest
exit /b 0

:backup_verify
call :take
if defined taken goto verify_now
call :fail 2 "backup verify takes one backup." "For example: orchestrator.bat backup verify 20240115_120000"
exit /b 2
:verify_now
call :find_backup
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_histories
if errorlevel 1 exit /b %ERRORLEVEL%
if not exist "%backups%\" mkdir "%backups%"
set "packed=%backups%\.packed-%RANDOM%%RANDOM%.tar"
call :pack "%packed%"
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
:restore_words
call :take
if not defined taken goto restore_now
if "%taken%"=="--yes" set "yes=yes" & goto restore_words
if "%taken%"=="-y" set "yes=yes" & goto restore_words
if "%taken%"=="--check" set "check=yes" & goto restore_words
if "%taken%"=="--undo" set "undo=yes" & goto restore_words
if not "%taken:~0,1%"=="-" set "source=%taken%" & goto restore_words
call :fail 2 "restore does not accept '%taken%'." "It takes a backup, --check, --undo and --yes."
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
call :find_backup
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_histories
if errorlevel 1 exit /b %ERRORLEVEL%
if not exist "%backups%\" mkdir "%backups%"
set "packed=%backups%\.packed-%RANDOM%%RANDOM%.tar"
call :pack "%packed%"
if errorlevel 1 exit /b 6
%inside% restore --stdin --check <"%packed%"
set "code=%ERRORLEVEL%"
if not "%code%"=="0" goto restore_end
if "%check%"=="yes" goto restore_end
call :agree "The current histories are replaced with the backup; a copy of them is kept."
set "code=%ERRORLEVEL%"
if not "%code%"=="0" goto restore_end
goto restore_replace
:restore_agree
call :need_histories
if errorlevel 1 exit /b %ERRORLEVEL%
call :agree "The histories from before the last restore are put back."
if errorlevel 1 exit /b %ERRORLEVEL%
:restore_replace
set "back=no"
if not "%place%"=="container" goto restore_go
set "back=yes"
docker stop "%container%" >nul
set "inside=%alone%"
:restore_go
if "%undo%"=="yes" goto restore_undo
%inside% restore --stdin --yes <"%packed%"
set "code=%ERRORLEVEL%"
goto restore_back
:restore_undo
%inside% restore --undo --yes <nul
set "code=%ERRORLEVEL%"
:restore_back
if "%back%"=="no" goto restore_end
docker start "%container%" >nul
call :wait_for_health
if errorlevel 1 call :say "The service takes long to start. To check it: orchestrator.bat status"
:restore_end
if defined packed if exist "%packed%" del /q "%packed%"
exit /b %code%

:word_migrate-volume
set "yes=no"
set "from="
:migrate_words
call :take
if not defined taken goto migrate_now
if "%taken%"=="--yes" set "yes=yes" & goto migrate_words
if "%taken%"=="-y" set "yes=yes" & goto migrate_words
if not "%taken:~0,1%"=="-" set "from=%taken%" & goto migrate_words
call :fail 2 "migrate-volume does not accept '%taken%'." "It takes the name of a volume and --yes."
exit /b 2
:migrate_now
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
if not defined from for /f "delims=" %%V in ('docker volume ls --quiet --filter name^=_orchestrator_data') do set "from=%%V"
if defined from goto migrate_look
call :fail 1 "There is no volume of an older stack." "Give its name: orchestrator.bat migrate-volume VOLUME"
exit /b 1
:migrate_look
docker volume inspect "%from%" >nul 2>&1
if not errorlevel 1 goto migrate_busy
call :fail 2 "There is no volume '%from%'." "To list all volumes: docker volume ls"
exit /b 2
:migrate_busy
set "user="
for /f "delims=" %%C in ('docker ps --quiet --filter "volume=%from%"') do set "user=%%C"
if not defined user goto migrate_empty
call :fail 75 "A running container uses the volume %from%." "Stop the older stack first."
exit /b 75
:migrate_empty
docker run --rm --network none --user 0 -v "%ORCHESTRATOR_DATA_VOLUME%:/v" --entrypoint sh "%image%" -c "[ -z \"$(ls -A /v)\" ]"
if not errorlevel 1 goto migrate_agree
call :fail 1 "The volume %ORCHESTRATOR_DATA_VOLUME% already contains histories." "They are not overwritten: make a backup, then run orchestrator.bat cleanup --volumes."
exit /b 1
:migrate_agree
set "wanted=y"
call :agree "The files in %from% are copied to %ORCHESTRATOR_DATA_VOLUME%; %from% is not changed."
if errorlevel 1 exit /b %ERRORLEVEL%
docker run --rm --network none --user 0 -v "%from%:/from:ro" -v "%ORCHESTRATOR_DATA_VOLUME%:/to" --entrypoint sh "%image%" -ec "cp -a /from/. /to/; diff -r /from /to; chown -R 10001:10001 /to; chmod 700 /to"
if not errorlevel 1 call :say "Copied and compared." & exit /b 0
call :fail 1 "The copy is not complete." "%from% was not changed; check the free disk space and try again."
exit /b 1

rem ---- the engine, the place to run in, and other parts ----

rem Moves the first of the remaining arguments into "taken", without its quotes.
:take
set "taken="
if not defined args exit /b 0
call :split %args%
exit /b 0
:split
set "taken=%~1"
set "args="
:split_more
shift
if "%~1"=="" exit /b 0
set args=%args% %1
goto split_more

:say
echo %~1 1>&2
exit /b 0

:fail
echo Error: %~2 1>&2
echo   %~3 1>&2
exit /b %1

:read_settings
call :setting COMPOSE_PROJECT_NAME orchestrator
call :setting ORCHESTRATOR_CONTAINER multi_agent_orchestrator
call :setting ORCHESTRATOR_DATA_VOLUME orchestrator_data
call :setting ORCHESTRATOR_LOGS_VOLUME orchestrator_logs
call :setting OLLAMA_MODELS_VOLUME ollama_models
call :setting ORCHESTRATOR_TAG latest
call :setting ORCHESTRATOR_PORT 8000
call :setting ORCHESTRATOR_GPU ""
call :setting ORCHESTRATOR_OLLAMA container
call :setting ORCHESTRATOR_BACKUPS "%here%\backups"
set "container=%ORCHESTRATOR_CONTAINER%"
set "image=llm/multi_agent_orchestrator:%ORCHESTRATOR_TAG%"
set "backups=%ORCHESTRATOR_BACKUPS%"
set "venv=%ORCHESTRATOR_VENV%"
if not defined venv set "venv=%here%\.venv"
set "probe=from agents.api.healthcheck import check; check()"
exit /b 0

rem setting NAME DEFAULT: from the environment, else from .env, else the default.
:setting
if defined %1 exit /b 0
set "%1=%~2"
if not exist "%here%\.env" exit /b 0
for /f "usebackq eol=# tokens=1,* delims==" %%A in ("%here%\.env") do if "%%A"=="%1" set "%1=%%~B"
exit /b 0

:look_for_engine
set "why=Docker is not installed."
set "remedy=Install Docker Desktop, or work without it: orchestrator.bat demo"
set "found="
for %%P in (docker.exe) do set "found=%%~$PATH:P"
if not defined found exit /b 1
set "why=The Docker engine does not answer."
set "remedy=Start Docker Desktop and wait until it is running."
docker version --format "{{.Server.Version}}" >nul 2>&1
if errorlevel 1 exit /b 1
exit /b 0

:need_engine
call :look_for_engine
if not errorlevel 1 exit /b 0
call :fail 4 "%why%" "%remedy%"
exit /b 4

:need_compose
call :need_engine
if errorlevel 1 exit /b 4
cd /d "%here%"
set "compose=%ORCHESTRATOR_COMPOSE%"
if defined compose goto compose_files
set "compose=docker compose"
docker compose version >nul 2>&1
if not errorlevel 1 goto compose_files
set "compose=docker-compose"
docker-compose version >nul 2>&1
if not errorlevel 1 goto compose_files
call :fail 4 "Docker Compose is not installed." "Update Docker Desktop."
exit /b 4
:compose_files
set "alone=%compose% run --rm -T --no-deps multi_agent_orchestrator"
set "more="
if defined ORCHESTRATOR_GPU set "more=services/overrides/gpu-%ORCHESTRATOR_GPU%.yml"
if defined more if not exist "%here%\%more%" goto bad_gpu
if "%ORCHESTRATOR_OLLAMA%"=="host" set "more=%more%;services/overrides/host-ollama.yml"
if not defined more exit /b 0
if "%more:~0,1%"==";" set "more=%more:~1%"
set "COMPOSE_PATH_SEPARATOR=;"
call :setting COMPOSE_FILE docker-compose.yml
set "COMPOSE_FILE=%COMPOSE_FILE%;%more%"
exit /b 0
:bad_gpu
call :fail 2 "'%ORCHESTRATOR_GPU%' is not a supported graphics card." "Use nvidia or amd, or leave the option out."
exit /b 2

:state
set "now="
for /f "delims=" %%S in ('docker inspect --type container --format "{{.State.Status}}" "%container%" 2^>nul') do set "now=%%S"
exit /b 0

:need_running
call :need_engine
if errorlevel 1 exit /b 4
call :state
if "%now%"=="running" exit /b 0
call :fail 3 "The service is not running." "Start it: orchestrator.bat start"
exit /b 3

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

:find_place
set "place=local"
if "%ORCHESTRATOR_MODE%"=="local" exit /b 0
call :look_for_engine
if not errorlevel 1 goto place_engine
call :say "No Docker engine answers, so this runs locally in %venv%."
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

:need_histories
call :find_place
if "%place%"=="local" goto histories_local
call :need_compose
if errorlevel 1 exit /b %ERRORLEVEL%
set "inside=%alone%"
if "%place%"=="container" set inside=docker exec -i "%container%" orchestrator
exit /b 0
:histories_local
call :install_local
if errorlevel 1 exit /b %ERRORLEVEL%
set inside="%venv%\Scripts\python.exe" -m agents
exit /b 0

rem Sets "directory" to a backup, given as a path relative to the caller's folder or as a name in backups.
:find_backup
set "directory="
if exist "%backups%\%taken%\" set "directory=%backups%\%taken%"
pushd "%caller%"
if exist "%taken%\" for %%D in ("%taken%") do set "directory=%%~fD"
popd
if defined directory exit /b 0
call :fail 2 "There is no backup '%taken%'." "To list all backups: orchestrator.bat backup list"
exit /b 2

rem The manifest comes last, so that an incomplete stream is not a valid backup.
:pack
set "members="
for %%F in (agent_memories.tar.gz logs.tar.gz manifest.json) do if exist "%directory%\%%F" call :add_member %%F
for %%D in ("%directory%") do set "folder=%%~nxD"
if not defined members type nul >%1
if defined members tar -cf %1 -C "%directory%\.." %members%
if exist %1 exit /b 0
call :fail 6 "The backup could not be packed into %backups%." "Free some space, or set ORCHESTRATOR_BACKUPS to another folder."
exit /b 6
:add_member
for %%D in ("%directory%") do set members=%members% "%%~nxD/%1"
exit /b 0

rem Asks the user to agree, unless --yes is given. Without an answer it exits with status 2.
:agree
if "%yes%"=="yes" exit /b 0
set "typed="
echo %~1 Type %wanted% to continue: 1>&2
set /p "typed="
if "%typed%"=="%wanted%" exit /b 0
call :fail 2 "You did not agree, so nothing was done." "Add --yes to agree."
exit /b 2

rem Only "interactive" and "shell" need a terminal. "timeout" fails if the input is not a console.
:terminal
set "terminal=-i"
timeout /t 0 >nul 2>&1
if errorlevel 1 exit /b 0
set "terminal="
if "%word%"=="interactive" set "terminal=-it"
if "%word%"=="shell" set "terminal=-it"
exit /b 0

:wait_for_health
set /a tries=0
:wait_again
docker exec "%container%" python -c "%probe%" >nul 2>&1
if not errorlevel 1 call :say "The service is healthy." & exit /b 0
set /a tries+=1
if %tries% GEQ 90 goto wait_failed
ping -n 2 127.0.0.1 >nul
goto wait_again
:wait_failed
docker logs --tail 20 "%container%" 1>&2
call :fail 1 "The service did not become healthy." "Its last log lines are above; orchestrator.bat doctor checks more."
exit /b 1

:build_image
cd /d "%here%"
call :source_version
set "more="
for %%N in (PYTHON_IMAGE PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST HTTP_PROXY HTTPS_PROXY NO_PROXY) do if defined %%N call :add_build_arg %%N
call :say "Building %image% ..."
set "DOCKER_BUILDKIT=1"
docker build --file services/multi_agent_orchestrator/orchestrator.Dockerfile --tag "%image%" --build-arg "VERSION=%version%" %more% %args% .
if not errorlevel 1 call :say "Built %image%. Next: orchestrator.bat start" & exit /b 0
call :fail 1 "The image could not be built." "The output above shows the reason. PIP_INDEX_URL sets a package mirror."
exit /b 1
:source_version
set "version=0.0.0"
for /f "tokens=3" %%V in ('type "%here%\agents\__init__.py" ^| find "__version__ = "') do set "version=%%~V"
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
set "python="
for %%P in (python.exe py.exe) do if not "%%~$PATH:P"=="" if not defined python set "python=%%P"
if defined PYTHON set "python=%PYTHON%"
if defined python goto check_python
call :fail 2 "Python 3.11 or newer was not found." "Install it, or set PYTHON to its path."
exit /b 2
:check_python
"%python%" -c "import sys; sys.exit(sys.version_info < (3, 11))"
if not errorlevel 1 goto make_venv
call :fail 2 "Python 3.11 or newer was not found." "Install it, or set PYTHON to its path."
exit /b 2
:make_venv
call :say "Creating a virtual environment in %venv%, once ..."
"%python%" -m venv "%venv%"
if not errorlevel 1 goto fill_local
call :fail 6 "The virtual environment could not be created." "Check the free disk space."
exit /b 6
:fill_local
call :say "Installing the orchestrator and its packages, once, about a minute ..."
"%venv%\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --editable "%here%%extra%"
if not errorlevel 1 copy /y "%here%\pyproject.toml" "%stamp%" >nul & exit /b 0
call :fail 1 "The packages could not be installed." "Check the network and try again; the output above shows the reason."
exit /b 1

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
echo 130  interrupted with Ctrl-C
echo 143  ended with SIGTERM
exit /b 0

:usage
echo Usage: orchestrator.bat COMMAND [ARGUMENT ...]
echo.
echo The service
echo   build               build the image; arguments go to docker build
echo   start               start, wait for health, fetch the model: [--gpu nvidia or amd] [--no-pull]
echo   stop                stop the service; histories are kept
echo   restart             stop and start the service
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
echo   models              list, pull NAME, show NAME ...
echo.
echo Histories
echo   backup              make a backup in backups\YYYYMMDD_HHMMSS: [--keep N]; backup list, backup verify DIR
echo   restore DIR         replace the histories with a backup: [--check] [--yes]; restore --undo
echo   migrate-volume      copy the histories from an older stack: [VOLUME] [--yes]
echo.
echo   test                run the tests, in .venv
echo   version             print the version
echo   help                print this text; help exit-codes explains the exit codes
echo.
echo Without a Docker engine, or before the image is built, commands run in a virtual environment in .venv,
echo which needs Python 3.11 or newer. ORCHESTRATOR_MODE=local always does that. Settings are read from .env.
exit /b 0
