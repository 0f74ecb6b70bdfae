package io.slsdispatch.local.settings;

/**
 * Settings for behaviour of the service on which its clients and documentation disagree or say nothing. All are off by
 * default: {@link #LENIENT}.
 *
 * @param strictTimestamps refuse a put with a log older than 7 days or more than 15 min ahead (InvalidTimestamp), as
 *     older documentation of PutLogs says
 * @param strictText refuse a put with a log without contents, an empty key, or text that is not UTF-8 (PostBodyInvalid,
 *     InvalidKey, InvalidEncoding), as older documentation of PutLogs says
 * @param skipExpiredCursors answer a pull at a cursor older than the oldest data with data from the oldest on, instead
 *     of refusing it (InvalidCursor)
 * @param sequenceWithBatch accept {@code seqid} together with {@code batch_group}, as one step for the whole batch
 * @param forgetSequencesOnReshard forget the sequence ids of the logstore when a shard is split or merged
 */
public record Behaviour(
        boolean strictTimestamps,
        boolean strictText,
        boolean skipExpiredCursors,
        boolean sequenceWithBatch,
        boolean forgetSequencesOnReshard) {

    /** The behaviour that a client should expect by default. */
    public static final Behaviour LENIENT = new Behaviour(false, false, false, false, false);

    /** Switches the checks of timestamps on or off. */
    public Behaviour strictTimestamps(boolean on) {
        return new Behaviour(on, strictText, skipExpiredCursors, sequenceWithBatch, forgetSequencesOnReshard);
    }

    /** Switches the checks of text on or off. */
    public Behaviour strictText(boolean on) {
        return new Behaviour(strictTimestamps, on, skipExpiredCursors, sequenceWithBatch, forgetSequencesOnReshard);
    }

    /** Switches the silent skip of expired data on or off. */
    public Behaviour skipExpiredCursors(boolean on) {
        return new Behaviour(strictTimestamps, strictText, on, sequenceWithBatch, forgetSequencesOnReshard);
    }

    /** Switches sequence ids for batches on or off. */
    public Behaviour sequenceWithBatch(boolean on) {
        return new Behaviour(strictTimestamps, strictText, skipExpiredCursors, on, forgetSequencesOnReshard);
    }

    /** Switches forgetting of sequence ids at a split or merge on or off. */
    public Behaviour forgetSequencesOnReshard(boolean on) {
        return new Behaviour(strictTimestamps, strictText, skipExpiredCursors, sequenceWithBatch, on);
    }
}
