#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# A real Slurm, of one node that is this machine: an array of 8 tasks, of which one is killed with SIGKILL and one ends by SIGTERM while they run; both
# are queued again, and the join runs when all are done. It listens on loopback, in a folder of its own, and ends with the test.
contrib=$(cd "$(dirname "$0")/../../contrib/farm" && pwd)
. "$(dirname "$0")/common.sh"
for program in munged slurmctld slurmd sbatch scontrol squeue; do
    command -v $program >/dev/null || [ -x /usr/sbin/$program ] || { echo "skipped: there is no $program"; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: slurmd runs tasks of users, for which it has to be root"; exit 77; }
export PATH=$PATH:/usr/sbin

# Daemons are told by their process numbers.
daemons=()
stop() {
    local pid
    [ ! -e "$work/slurm.conf" ] || scancel --user=root 2>/dev/null
    for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null; done
    for ((i = 0; i < 50; i++)); do
        alive=
        for pid in "${daemons[@]}"; do kill -0 "$pid" 2>/dev/null && alive=1; done
        [ -n "$alive" ] || break
        sleep 0.1
    done
    for pid in "${daemons[@]}"; do kill -9 "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap stop EXIT
chmod 755 "$work"

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
ctld_port=$(free_port) slurmd_port=$(free_port) node=$(hostname -s)
mkdir state spool run
mkdir -m 700 munge
head -c 128 /dev/urandom >munge/key
chmod 600 munge/key
munged --foreground --force --key-file="$work/munge/key" --socket="$work/run/munge.socket" --pid-file="$work/run/munged.pid" \
    --log-file="$work/run/munged.log" --seed-file="$work/munge/seed" >run/munged.out 2>&1 &
daemons+=($!)
cat >slurm.conf <<CONF
ClusterName=pixfer
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/run/munge.socket
CredType=cred/munge
CommunicationParameters=NoInAddrAny
SlurmctldParameters=enable_configless
SlurmctldPort=$ctld_port
SlurmdPort=$slurmd_port
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/run/slurmctld.pid
SlurmdPidFile=$work/run/slurmd.pid
SlurmctldLogFile=$work/run/slurmctld.log
SlurmdLogFile=$work/run/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,default_queue_depth=100,requeue_delay=1
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
KillWait=5
MinJobAge=300
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$node Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
CONF
sed -i '/^SlurmctldParameters/d' slurm.conf
export SLURM_CONF=$work/slurm.conf
wait_for test -S run/munge.socket
slurmctld -D -f "$SLURM_CONF" >run/slurmctld.out 2>&1 &
daemons+=($!)
slurmd -D -f "$SLURM_CONF" -N "$node" >run/slurmd.out 2>&1 &
daemons+=($!)
is_up() { [ "$(sinfo -h -o %t 2>/dev/null)" = idle ]; }
for ((i = 0; i < 300; i++)); do is_up && break; sleep 0.1; done
if ! is_up; then
    tail -n 5 run/*.log run/*.out
    echo "skipped: Slurm does not start on this machine"
    exit 77
fi

make -f lavfi -i testsrc2=size=640x360:rate=30 -f lavfi -i "aevalsrc=0.5*sin(2*PI*(300+40*t)*t):s=48000" -t 17 -c:v libx264 -preset ultrafast \
    -g 60 -bf 2 -c:a pcm_s16le in.mov
plan in.mov --tasks 8 --preset slow --gop 60
is "segments" "$(count)" 8

# task K: the process that makes it.
task() {
    local pid
    for pid in $(pgrep -f "segment plan.json --index auto"); do
        tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | grep -qx "SLURM_ARRAY_TASK_ID=$1" || continue
        [ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$pixfer")" ] && [ "$(readlink "/proc/$pid/cwd")" = "$work" ] && echo "$pid" && return
    done
}
# signal K SIGNAL: once it writes.
signal() {
    local pid
    for ((i = 0; i < 600; i++)); do
        pid=$(task "$1")
        [ -n "$pid" ] && ls "$id/0000$1".*.part >/dev/null 2>&1 && kill "-$2" "$pid" && return
        sleep 0.05
    done
    fail "task $1 was not seen at work"
}
jobs=$(PIXFER=$pixfer bash "$contrib/slurm/export.sbatch" plan.json) || { fail "sbatch: $jobs"; finish; }
read -r _ array _ join <<<"$jobs"
signal 0 KILL
signal 3 TERM
grep -q "status 137, queued again" slurm-"$array"_0.out || wait_for grep -q "status 137, queued again" slurm-"$array"_0.out
wait_for grep -q "status 143, queued again" slurm-"$array"_3.out
is "the join waits" "$(squeue -h -j "$join" -o %r)" "Dependency"
[ ! -e "$id/00003.mp4" ] || [ "$(frames "$id/00003.mp4")" = 60 ] || fail "segment 3 is not whole"
ended() { [ -e out.mp4 ] || [ -z "$(squeue -h -j "$join" 2>/dev/null)" ]; }
for ((i = 0; i < 2400; i++)); do ended && break; sleep 0.1; done
[ -e out.mp4 ] || fail "no file: $(tail -n 3 slurm-*.out run/slurmctld.log)"
for k in 0 3; do
    is "task $k was started again" "$(scontrol show job "${array}_$k" | grep -o 'Restarts=[0-9]*')" "Restarts=1"
done
is "segments" "$(cd "$id" && echo *)" "$(printf '0000%d.mp4 ' 0 1 2 3 4 5 6 7 | sed 's/ $//')"

# The file of a quiet machine, and of an export in one piece.
"$pixfer" export in.mov -o quiet.mp4 -e libx264 --preset slow --gop 60 --segments 8 -q
same out.mp4 quiet.mp4 "Slurm and one machine"
"$pixfer" export in.mov -o one.mp4 -e libx264 --preset slow --gop 60 -q
like one.mp4 out.mp4 "Slurm"
nearly one.mp4 out.mp4 30
is "samples" "$(samples out.mp4)" "$(samples one.mp4)"

# A segment that cannot be made: the join does not run.
mv in.mov gone.mov
rm -r "$id" out.mp4
jobs=$(PIXFER=$pixfer bash "$contrib/slurm/export.sbatch" plan.json)
read -r _ array _ join <<<"$jobs"
for ((i = 0; i < 300; i++)); do [ -z "$(squeue -h 2>/dev/null)" ] && break; sleep 0.1; done
[ ! -e out.mp4 ] || fail "a join without segments"
grep -q "is not the file that was planned" slurm-"$array"_0.out || fail "no reason: $(cat slurm-"$array"_0.out)"
finish
