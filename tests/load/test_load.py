# SPDX-License-Identifier: EUPL-1.2
"""Two rooms of three through `jawort media`, recorded: nobody misses a packet, none is damaged, and the film has every picture.

Usage: test_load.py FOLDER-OF-PROGRAMS"""
import json, os, subprocess, sys, tempfile, time
from pathlib import Path

BIN = Path(sys.argv[1])
PICTURES_PER_S, SECONDS = 30, 3


def recipient(folder):
    subprocess.run(["age-keygen", "-o", folder / "identity"], check=True, stderr=subprocess.DEVNULL)
    return subprocess.run(["age-keygen", "-y", folder / "identity"], check=True, capture_output=True, text=True).stdout.strip()


def count_pictures(folder, film):
    key = subprocess.run(["age", "-d", "-i", folder / "identity", film.parent / "key.age"], check=True, capture_output=True).stdout
    (folder / "key").write_bytes(key)
    plain = subprocess.run(["age", "-d", "-i", folder / "key", film], check=True, capture_output=True).stdout
    (folder / "film.webm").write_bytes(plain)
    counted = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
                              "stream=nb_read_frames", "-of", "csv=p=0", folder / "film.webm"], check=True, capture_output=True, text=True)
    assert not counted.stderr, f"the decoder complained: {counted.stderr}"
    return int(counted.stdout)


def run_load(folder, process):
    without_leaks = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}  # GStreamer's encoders keep some of their memory
    subprocess.run([BIN / "jawort-load-capture", folder / "capture", "3"], check=True, env=without_leaks)
    load = subprocess.run(
        [BIN / "jawort-load", "--server=jawort", f"--control={folder}/control", f"--pid={process.pid}", "--people=3", "--steps=2,2r",
         f"--capture={folder}/capture", f"--seconds={SECONDS}", "--warm-up=1", f"--folder={folder}", f"--recipient={recipient(folder)}"],
        check=True, stdout=subprocess.PIPE, text=True, timeout=60)
    return [json.loads(line) for line in load.stdout.splitlines()]


def check(step):
    assert "error" not in step, step["error"]
    assert step["silent_streams"] == step["dead_people"] == step["strange"] == step["refused"] == 0, step
    assert step["streams"] == 2 * 3 * 2 * 2, step
    assert step["lost"] == 0, f"{step['lost']} packets did not arrive"
    assert step["cpu_us"] > 0 and step["pss_kb"] > 0, step


with tempfile.TemporaryDirectory(prefix="jawort-load-") as name:
    folder = Path(name)
    process = subprocess.Popen([BIN / "jawort", "media", f"--control={folder}/control", f"--recordings={folder}",
                                "--addresses=127.0.0.1", "--port=0"])
    try:
        end = time.monotonic() + 20
        while not (folder / "control").exists():
            assert process.poll() is None and time.monotonic() < end, "media did not start"
            time.sleep(0.05)
        live, recorded = run_load(folder, process)
        check(live)
        check(recorded)
    finally:
        process.terminate()
        assert process.wait(40) == 0, "media did not end well"
    films = sorted(folder.glob("recording-*/*.webm.age"))
    assert len(films) == 6, films
    pictures = count_pictures(folder, films[0])
    assert pictures >= PICTURES_PER_S * SECONDS, f"the film has only {pictures} pictures"
