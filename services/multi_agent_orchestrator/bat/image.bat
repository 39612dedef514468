@echo off
rem This file has the word build, and gets the images that a start needs.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:command
shift /1
goto word_%word%

:word_build
call :need_engine
if errorlevel 1 exit /b %ERRORLEVEL%
call :need_folders
if errorlevel 1 exit /b %ERRORLEVEL%
set rest=%args:*build=%
if [%first%]==["build"] set rest=%args:*build"=%
goto build_image

rem Says when the image is older or newer than this clone, whose code it runs.
:notice_image
set "made_of=unknown"
for /f "delims=" %%V in ('docker image inspect --format "{{index .Config.Labels `org.opencontainers.image.version`}}" "%image%" 2^>nul') do set "made_of=%%V"
call :source_version
if not "%made_of%"=="%version%" call :say "The image is of version %made_of%, and this clone of version %version%. To build it again: orchestrator.bat build"
if not "%made_of%"=="%version%" exit /b 0
docker run --rm -i --network none --entrypoint cmp "%image%" -s - /opt/venv/requirements.txt <"%here%\services\multi_agent_orchestrator\requirements.txt" 2>nul
if errorlevel 1 call :say "The image has other packages than this clone needs. To build it again: orchestrator.bat build"
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

rem ---- in other parts ----

:need_engine
:choose_report
:reported
set "entry=%0"
"%parts%\engine.bat" %*

:say
:fail
set "entry=%0"
"%parts%\say.bat" %*
