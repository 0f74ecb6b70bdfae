package io.slsdispatch.local.ledger;

/** Told of each arrival at a target that is one more than the source has of the group. */
@FunctionalInterface
public interface RepeatListener {

    /**
     * @param target the target's name
     * @param repeat the arrival
     * @param earlierMillis when the arrival before it was received, in the order of the target's ledger: shards one
     *     after the other, so that it may also be the later one
     */
    void repeated(String target, LedgerEntry repeat, long earlierMillis);
}
