package io.slsdispatch.job.dispatch;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.util.OutputTag;

/**
 * The blocks between the dispatcher and the sinks of many targets. Flink offers each record to all outputs of an
 * operator in turn, so the dispatcher of a job with many targets emits a group to the block of its target, and the
 * block emits it to the target: with n targets in blocks of 32, n/32 + 32 outputs instead of n. With few targets there
 * are no blocks, and the dispatcher emits to the targets itself.
 *
 * <p>The blocks follow from the targets and their order alone. They have no state, so a savepoint can be restored
 * whatever blocks its targets had.
 */
public final class TargetBlocks implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Below this number of targets, a further operator costs about as much as it saves. */
    static final int LEAST_TARGETS = 64;

    /** About the square root of 1,000 targets; the number of outputs hardly depends on it. */
    static final int SIZE = 32;

    private static final TargetBlocks NONE = new TargetBlocks(List.of());

    private final List<List<String>> blocks;
    private final Map<String, Integer> numbers = new HashMap<>();

    private TargetBlocks(List<List<String>> blocks) {
        this.blocks = blocks;
        for (int block = 0; block < blocks.size(); block++) {
            for (String target : blocks.get(block)) {
                numbers.put(target, block);
            }
        }
    }

    /** No blocks, whatever the number of targets. */
    public static TargetBlocks none() {
        return NONE;
    }

    /** The blocks of these targets, in their order; none if there are fewer than 64. */
    public static TargetBlocks of(List<String> targets) {
        if (targets.size() < LEAST_TARGETS) {
            return NONE;
        }
        List<List<String>> blocks = new ArrayList<>();
        for (int first = 0; first < targets.size(); first += SIZE) {
            blocks.add(List.copyOf(targets.subList(first, Math.min(first + SIZE, targets.size()))));
        }
        return new TargetBlocks(List.copyOf(blocks));
    }

    /** The number of blocks. */
    public int count() {
        return blocks.size();
    }

    /** The targets of a block, in their order. */
    public List<String> targets(int block) {
        return blocks.get(block);
    }

    /** The name of a block's operator: the places of its targets in the configuration, from 1 on. */
    public String name(int block) {
        int first = block * SIZE + 1;
        return "targets " + first + "-" + (first + blocks.get(block).size() - 1);
    }

    /** The operator of a block. */
    public OneInputStreamOperatorFactory<RoutedGroup, Void> operator(int block) {
        return new TargetBlockOperator.Factory(blocks.get(block));
    }

    /** The side output of the dispatcher for a block. */
    public static OutputTag<RoutedGroup> outputOf(int block) {
        return new OutputTag<>("block " + block, RoutedGroupTypeInfo.INSTANCE);
    }

    /** How the dispatcher emits groups for a target. */
    TargetOutput output(String target) {
        Integer block = numbers.get(target);
        if (block != null) {
            return new TargetOutput.OfBlock(target, outputOf(block));
        }
        return new TargetOutput.OfTarget(TargetOutput.tagOf(target));
    }
}
