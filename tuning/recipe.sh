#!/usr/bin/env bash
# Trains the model in the box from nothing: draws scenes, makes instruction data, trains in three stages,
# evaluates. The same seed gives the same model on the same kind of processor.
#
#   tuning/recipe.sh DIR          everything into DIR; about six hours on two cores
#   tuning/recipe.sh DIR smoke    the same in miniature, in minutes: what comes of it knows nothing
#
# Stopped at any moment, the same command goes on where it was. DIR/*.run has figures and curves of every
# stage, DIR/tuned the model, DIR/evaluation.json what it is worth. SIGHTMILL names another command line
# than this checkout's, SIGHTMILL_JAVA_OPTIONS options of its JVM.
set -euo pipefail

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ "${2:-full}" != full ] && [ "${2:-full}" != smoke ]; then
    echo "usage: tuning/recipe.sh DIR [smoke]" >&2
    exit 2
fi
work=$1
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
sightmill=${SIGHTMILL:-$root/deploy/sightmill}
seed=6

if [ "${2:-full}" = smoke ]; then
    scenes=48 batch=8 tune_batch=8 evaluated=8
    vision_epochs=1 language_epochs=0.25 align_epochs=0.25 tune_epochs=0.1
else
    scenes=100000 batch=64 tune_batch=32 evaluated=2000
    vision_epochs=4 language_epochs=0.1 align_epochs=0.12 tune_epochs=2
fi
learning=(--lanes 2 --seed "$seed" --beta2 0.98 --weight-decay 0.05)

# stage NAME COMMAND...: runs a command that makes NAME, unless it is there. Whatever it makes has its name
# only when it is whole.
stage() {
    local result=$work/$1
    shift
    if [ ! -e "$result" ]; then
        echo "recipe: $result ..." >&2
        "$@"
    fi
}

# A checkpoint is whole when it has a config.json.
train() {
    local name=$1 command=$2
    shift 2
    stage "$name/config.json" "$sightmill" tune "$command" "${learning[@]}" "$@" --force "$work/$name"
}

evaluate() {
    "$sightmill" tune evaluate --model "$work/tuned" --scenes "$evaluated" --seed 1 --json \
        >"$work/evaluation.json.part"
    mv "$work/evaluation.json.part" "$work/evaluation.json"
}

draw() {
    "$sightmill" tune scenes --count "$scenes" --seed "$seed" "$work/data"
    touch "$work/data/drawn"
}

mkdir -p "$work"
stage data/drawn draw
stage data/align.json "$sightmill" tune instruct --exchanges 16 --seed "$seed" "$work/data"
train pretrained pretrain --batch "$batch" --shape box --data "$work/data/captions.jsonl" \
    --dialogues "$work/data/instruct.json" \
    --vision-epochs "$vision_epochs" --language-epochs "$language_epochs"
train aligned align --batch "$batch" --model "$work/pretrained" --data "$work/data/align.json" \
    --epochs "$align_epochs" --rate 2e-3
# Conversations twice: they ask for what a picture shows, and of each many things.
train tuned instruct-tune --batch "$tune_batch" --model "$work/aligned" \
    --data "$work/data/instruct.json" --data "$work/data/conversation.json" \
    --epochs "$tune_epochs" --rate 1e-3
stage evaluation.json evaluate
cat "$work/evaluation.json"
