# Installs into the folder given (default: .\assistant) without any network, and reads the documents in.
# 用法：powershell -ExecutionPolicy Bypass -File install.ps1 [文件夹] [可选部分，例如 postgresql]
param([string]$Target = (Join-Path (Get-Location) "assistant"), [string]$Extras = "")
$ErrorActionPreference = "Stop"
$here = Split-Path -Parent $MyInvocation.MyCommand.Path
$python = if ($env:PYTHON) { $env:PYTHON } else { "python" }
& $python -c "import sys; sys.exit(sys.version_info < (3, 11))"
if ($LASTEXITCODE -ne 0) { Write-Error "需要 Python 3.11 或更新的版本" }
Write-Host "核对文件……"
foreach ($line in Get-Content -Encoding UTF8 (Join-Path $here "SHA256SUMS")) {
    $sum, $name = $line -split "  ", 2
    $found = (Get-FileHash -Algorithm SHA256 -LiteralPath (Join-Path $here $name)).Hash
    if ($found -ne $sum) { Write-Error "安装包不完整或被改过，没有安装：$name" }
}
New-Item -ItemType Directory -Force -Path $Target | Out-Null
& $python -m venv (Join-Path $Target ".venv")
$own = Join-Path $Target ".venv\Scripts\python.exe"
$wheel = (Get-ChildItem (Join-Path $here "wheels\tech_manager_assistant-*.whl")).FullName
if ($Extras) { $wheel = "$wheel[$Extras]" }
& $own -m pip install --quiet --no-index --find-links (Join-Path $here "wheels") --constraint (Join-Path $here "constraints.txt") $wheel
if ($LASTEXITCODE -ne 0) { Write-Error "没有装上" }
if (-not (Test-Path (Join-Path $Target "corpus"))) { Copy-Item -Recurse (Join-Path $here "corpus") (Join-Path $Target "corpus") }
Set-Location $Target
& (Join-Path $Target ".venv\Scripts\tech-manager-assistant.exe") ingest
Write-Host "装好了。启动：cd $Target; .venv\Scripts\tech-manager-assistant.exe serve"
