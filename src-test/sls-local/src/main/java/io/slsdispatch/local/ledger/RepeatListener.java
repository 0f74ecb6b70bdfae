package io.slsdispatch.local.ledger;

/** Called for each duplicate: an arrival at a target beyond the number of copies in the source. */
@FunctionalInterface
public interface RepeatListener {

    /**
     * @param target the target's name
     * @param repeat the arrival
     * @param earlierMillis when the previous arrival was received, in the order of the target's ledger: shards one
     *     after another, so the previous arrival may also be the later one in time
     */
    void repeated(String target, LedgerEntry repeat, long earlierMillis);
}
