#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# Containers that can be read only once: all that is in them arrives, its audio too.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

video="-f lavfi -i testsrc2=s=96x64:r=30:d=3"
audio="-f lavfi -i sine=r=48000:d=3"
make $video $audio -c:v mpeg4 -c:a aac -movflags +faststart whole.mp4
make $video $audio -c:v ffv1 -pix_fmt bgr0 -c:a flac whole.mkv
make $video $audio -c:v mpeg2video -q:v 4 -c:a mp2 whole.ts
head -c $(($(size whole.mp4) * 60 / 100)) whole.mp4 >cut-whole.mp4
for file in whole.mp4 whole.mkv whole.ts; do
    for name in /dev/stdin pipe:0 fifo; do
        [ $name != fifo ] || { rm -f fifo && mkfifo fifo && cat $file >fifo & }
        [ $name != fifo ] || sleep 0.2
        cat $file | "$pixfer" export $name -o out.mp4 -y -e "$encoder" -q 2>err || fail "$file through $name: $(cat err)"
        is "frames of $file through $name" "$(frames out.mp4)" 90
        is "audio of $file through $name" "$(ffprobe -v error -select_streams a -show_entries stream=duration -of csv=p=0 out.mp4 | cut -c1-3)" 3.0
    done
done
cat whole.mkv | run 1 export /dev/stdin --loop 2 -o none.mp4 -e "$encoder"
says "it cannot loop"
only out.mp4
cat cut-whole.mp4 | run 1 export /dev/stdin -o out.mp4 -y -e "$encoder"
says "it is cut off: it says that it has 90 frames"
head -c $(($(size whole.mkv) * 60 / 100)) whole.mkv | run 1 export /dev/stdin -o out.mp4 -y -e "$encoder"
says "it is cut off: its segment "
says "out.mp4 holds the "
make $video $audio -c:v mpeg4 -c:a aac behind.mp4
cat behind.mp4 | run 1 export /dev/stdin -o none.mp4 -e "$encoder"
says "its index lies behind its frames"
[ ! -e none.mp4 ] || fail "an index that cannot be reached made a file"

# ---- A server that gives a file once ----
if command -v python3 >/dev/null; then
    cat >once.py <<'END'
import socket, sys
data = open(sys.argv[1], "rb").read()
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
for turn in range(9):
    client = server.accept()[0]
    client.recv(65536)
    if turn:
        client.sendall(b"HTTP/1.0 410 Gone\r\n\r\n")
    else:
        client.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(data))
        client.sendall(data[: int(len(data) * float(sys.argv[2]))])
        if len(sys.argv) > 3: # says no more, and does not hang up
            server.accept()
    client.close()
END
    # served FILE SHARE [stall]: $url is where that much of it comes from.
    served() {
        rm -f port
        python3 once.py "$@" >port &
        server=$!
        until [ -s port ]; do sleep 0.1; done
        url=http://127.0.0.1:$(cat port)/$1
    }
    served whole.mkv 1
    run 0 export "$url" -o out.mp4 -y -e "$encoder"
    is "frames from a server" "$(frames out.mp4)" 90
    is "audio from a server" "$(ffprobe -v error -select_streams a -show_entries stream=duration -of csv=p=0 out.mp4 | cut -c1-3)" 3.0
    kill $server
    served whole.mkv 0.6
    run 1 export "$url" -o out.mp4 -y -e "$encoder"
    says "out.mp4 holds the "
    kill $server
    served whole.mkv 0.3 stall
    rm -f stalled.mp4
    status=0
    timeout -s INT -k 10 2 "$pixfer" export "$url" -o stalled.mp4 -e "$encoder" >out 2>err || status=$?
    is "an interrupt while a server stalls" $status 124
    says "finishing"
    kill $server
    wait 2>/dev/null
fi
finish
