#!/usr/bin/env bash
# Trains the model in the box from nothing: draws scenes, makes instruction data, trains in stages,
# evaluates. The same seed gives the same model on the same kind of processor.
#
#   tuning/recipe.sh DIR            everything into DIR; about four hours on two cores
#   tuning/recipe.sh DIR ablation   what each part is good for: tunes briefly, with the same number of
#                                   samples each, without align, on conversations alone and on all kinds,
#                                   and evaluates these and what was not tuned; half an hour after the above
#   tuning/recipe.sh DIR smoke      all of it in miniature, in minutes: what comes of it knows nothing
#
# Stopped at any moment, the same command goes on where it was. DIR/*.run has figures and curves of every
# stage, DIR/tuned the model, DIR/evaluation.json what it is worth, DIR/ablation/*.json what the others are.
# SIGHTMILL names another command line than this checkout's, SIGHTMILL_JAVA_OPTIONS options of its JVM.
set -euo pipefail

mode=${2:-full}
if [ $# -lt 1 ] || [ $# -gt 2 ] || [[ ! $mode =~ ^(full|ablation|smoke)$ ]]; then
    echo "usage: tuning/recipe.sh DIR [ablation|smoke]" >&2
    exit 2
fi
work=$1
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
sightmill=${SIGHTMILL:-$root/deploy/sightmill}
seed=6

if [ "$mode" = smoke ]; then
    # Which every processor multiplies in a time that is worth waiting for.
    products=FLOAT32
    scenes=48 more=32 last=24 batch=8 tune_batch=8 evaluated=8
    vision_epochs=1 language_epochs=0.25 captions=12
    conversations=12 details=6 reasonings=6 again=16 details_again=6 reasonings_again=4
    last_conversations=12 last_details=4 last_reasonings=2
    brief=16 brief_conversations=8 brief_details=4 brief_reasonings=4 compared=4
else
    products=BFLOAT16
    scenes=100000 more=150000 last=95000 batch=64 tune_batch=32 evaluated=2000
    vision_epochs=4 language_epochs=0.1 captions=12000
    conversations=70000 details=40000 reasonings=25000 again=115000 details_again=17000 reasonings_again=8000
    last_conversations=95000 last_details=10000 last_reasonings=5000
    brief=8000 brief_conversations=4000 brief_details=2600 brief_reasonings=1400 compared=500
fi
learning=(--lanes 2 --seed "$seed" --beta2 0.98 --weight-decay 0.05 --products "$products")

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

# train NAME COMMAND OPTION...: a checkpoint is whole when it has a config.json.
train() {
    local name=$1 command=$2
    shift 2
    stage "$name/config.json" "$sightmill" tune "$command" "${learning[@]}" "$@" --force "$work/$name"
}

# tune NAME FROM DRAWN CONVERSATIONS DETAILS REASONINGS OPTION...: as many of each kind as drawn scenes have
tune() {
    local name=$1 from=$2 data=$work/$3
    train "$name" instruct-tune --batch "$tune_batch" --model "$work/$from" \
        --data "$data/conversation.json:$4" --data "$data/detail.json:$5" \
        --data "$data/reasoning.json:$6" "${@:7}"
}

# draw NAME COUNT SEED OPTION...: scenes and their instruction data
draw() {
    local folder=$work/$1
    "$sightmill" tune scenes --count "$2" --seed "$3" "$folder"
    "$sightmill" tune instruct --exchanges 16 --seed "$3" "${@:4}" "$folder"
    touch "$folder/drawn"
}

# evaluate MODEL FILE SCENES: asks it about scenes that no stage has seen
evaluate() {
    "$sightmill" tune evaluate --model "$work/$1" --scenes "$3" --seed 1 --json >"$work/$2.part"
    mv "$work/$2.part" "$work/$2"
}

begin() {
    stage data/drawn draw data "$scenes" "$seed"
    train pretrained pretrain --batch "$batch" --shape box --data "$work/data/captions.jsonl" \
        --dialogues "$work/data/instruct.json" \
        --vision-epochs "$vision_epochs" --language-epochs "$language_epochs"
    train aligned align --batch "$batch" --model "$work/pretrained" \
        --data "$work/data/align.json:$captions" --rate 2e-3
}

finish() {
    tune begun aligned data "$conversations" "$details" "$reasonings" --epochs 0.9 --rate 1e-3
    # Scenes that were not seen yet, and more of what asks for many things of a picture.
    stage more/drawn draw more "$more" $((seed + 1))
    tune continued begun more "$again" "$details_again" "$reasonings_again" --rate 8e-4
    # Once more, with most questions about what it is behind in.
    stage last/drawn draw last "$last" $((seed + 2)) --emphasis relation,yes_no
    tune tuned continued last "$last_conversations" "$last_details" "$last_reasonings" --rate 6e-4
    stage evaluation.json evaluate tuned evaluation.json "$evaluated"
    cat "$work/evaluation.json"
}

compare() {
    local kinds=("$brief_conversations" "$brief_details" "$brief_reasonings") name
    mkdir -p "$work/ablation"
    tune ablation/without-align pretrained data "${kinds[@]}" --rate 1e-3
    train ablation/conversation-only instruct-tune --batch "$tune_batch" --model "$work/aligned" \
        --data "$work/data/conversation.json:$brief" --rate 1e-3
    tune ablation/all aligned data "${kinds[@]}" --rate 1e-3
    stage ablation/without-tuning.json evaluate aligned ablation/without-tuning.json "$compared"
    for name in without-align conversation-only all; do
        stage "ablation/$name.json" evaluate "ablation/$name" "ablation/$name.json" "$compared"
    done
}

mkdir -p "$work"
begin
[ "$mode" = ablation ] || finish
[ "$mode" = full ] || compare
