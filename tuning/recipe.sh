#!/usr/bin/env bash
# Trains the model in the box from nothing: draws scenes, makes instruction data, trains in three stages,
# evaluates. The same seed gives the same model on the same kind of processor.
#
#   tuning/recipe.sh DIR          everything into DIR; about three hours on two cores
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
    scenes=48 more=32 batch=8 tune_batch=8 evaluated=8
    vision_epochs=1 language_epochs=0.25 captions=12
    conversations=12 details=6 reasonings=6 again=16 details_again=6 reasonings_again=4
else
    scenes=100000 more=150000 batch=64 tune_batch=32 evaluated=2000
    vision_epochs=4 language_epochs=0.1 captions=12000
    conversations=70000 details=40000 reasonings=25000 again=115000 details_again=17000 reasonings_again=8000
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

# draw NAME COUNT SEED: scenes and their instruction data
draw() {
    "$sightmill" tune scenes --count "$2" --seed "$3" "$work/$1"
    "$sightmill" tune instruct --exchanges 16 --seed "$3" "$work/$1"
    touch "$work/$1/drawn"
}

mkdir -p "$work"
stage data/drawn draw data "$scenes" "$seed"
train pretrained pretrain --batch "$batch" --shape box --data "$work/data/captions.jsonl" \
    --dialogues "$work/data/instruct.json" \
    --vision-epochs "$vision_epochs" --language-epochs "$language_epochs"
train aligned align --batch "$batch" --model "$work/pretrained" --data "$work/data/align.json:$captions" \
    --rate 2e-3
train begun instruct-tune --batch "$tune_batch" --model "$work/aligned" \
    --data "$work/data/conversation.json:$conversations" --data "$work/data/detail.json:$details" \
    --data "$work/data/reasoning.json:$reasonings" --epochs 0.9 --rate 1e-3
# Scenes that were not seen yet, and more of what asks for many things of a picture.
stage more/drawn draw more "$more" $((seed + 1))
train tuned instruct-tune --batch "$tune_batch" --model "$work/begun" \
    --data "$work/more/conversation.json:$again" --data "$work/more/detail.json:$details_again" \
    --data "$work/more/reasoning.json:$reasonings_again" --rate 8e-4
stage evaluation.json evaluate
cat "$work/evaluation.json"
