@echo off
rem This file finds the Docker engine and Compose, and keeps what Compose reports.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

rem reported TEXT: whether the report of Compose contains a text.
:reported
%find% "%~1" "%report%" >nul 2>&1
exit /b %ERRORLEVEL%

rem A file for what Compose prints; two commands at the same time have two.
:choose_report
set "report=%TEMP%\orchestrator-%RANDOM%%RANDOM%.txt"
exit /b 0

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
call :setting API_TOKENS_FILE ""
if defined LLM_API_KEY_FILE set "more=%more% services/overrides/llm-api-key.yml"
if defined API_TOKEN_FILE set "more=%more% services/overrides/api-token.yml"
if defined API_TOKENS_FILE set "more=%more% services/overrides/api-tokens.yml"
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

rem ---- in other parts ----

:find_project
set "entry=%0"
"%parts%\project.bat" %*

:fail
set "entry=%0"
"%parts%\say.bat" %*

:setting
:derive_limits
set "entry=%0"
"%parts%\settings.bat" %*
