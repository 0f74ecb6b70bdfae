package io.slsdispatch.local.settings;

/**
 * How SLS Local answers questions to which the service's clients and pages give two answers or none. All are off by
 * default: {@link #LENIENT}.
 *
 * @param strictTimestamps refuse a put with a log older than 7 days or more than 15 minutes ahead (InvalidTimestamp), as
 *     older pages of PutLogs say
 * @param strictText refuse a put with a log without contents, an empty key, or text that is not UTF-8 (PostBodyInvalid,
 *     InvalidKey, InvalidEncoding), as older pages of PutLogs say
 * @param skipExpiredCursors answer a pull at a cursor older than the oldest data from the oldest data on, instead of
 *     refusing it (InvalidCursor)
 * @param sequenceWithBatch accept {@code seqid} together with {@code batch_group}, as one step for the whole batch
 * @param forgetSequencesOnReshard let a split or merge forget the sequence ids of the logstore
 */
public record Behaviour(
        boolean strictTimestamps,
        boolean strictText,
        boolean skipExpiredCursors,
        boolean sequenceWithBatch,
        boolean forgetSequencesOnReshard) {

    /** The answers that a client should expect by default. */
    public static final Behaviour LENIENT = new Behaviour(false, false, false, false, false);

    /** The same, with the checks of timestamps switched. */
    public Behaviour strictTimestamps(boolean on) {
        return new Behaviour(on, strictText, skipExpiredCursors, sequenceWithBatch, forgetSequencesOnReshard);
    }

    /** The same, with the checks of text switched. */
    public Behaviour strictText(boolean on) {
        return new Behaviour(strictTimestamps, on, skipExpiredCursors, sequenceWithBatch, forgetSequencesOnReshard);
    }

    /** The same, with the silent skip of expired data switched. */
    public Behaviour skipExpiredCursors(boolean on) {
        return new Behaviour(strictTimestamps, strictText, on, sequenceWithBatch, forgetSequencesOnReshard);
    }

    /** The same, with sequence ids for batches switched. */
    public Behaviour sequenceWithBatch(boolean on) {
        return new Behaviour(strictTimestamps, strictText, skipExpiredCursors, on, forgetSequencesOnReshard);
    }

    /** The same, with forgetting at a split or merge switched. */
    public Behaviour forgetSequencesOnReshard(boolean on) {
        return new Behaviour(strictTimestamps, strictText, skipExpiredCursors, sequenceWithBatch, on);
    }
}
