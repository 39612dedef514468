@echo off
rem This file reads the settings: from the environment, else from .env, else a default.
rem Part of orchestrator.bat, which explains how a part calls another.
goto %entry%

:read_settings
if exist "%here%\.env" for /f "usebackq eol=# tokens=1* delims==" %%A in ("%here%\.env") do (set "key=%%A" & set "value=%%B" & call :env_line)
call :setting ORCHESTRATOR_CONTAINER multi_agent_orchestrator
call :setting ORCHESTRATOR_DATA_VOLUME orchestrator_data
call :setting ORCHESTRATOR_LOGS_VOLUME orchestrator_logs
call :setting OLLAMA_MODELS_VOLUME ollama_models
call :setting WEBUI_DATA_VOLUME open_webui_data
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

rem ---- in other parts ----

:fail
set "entry=%0"
"%parts%\say.bat" %*
