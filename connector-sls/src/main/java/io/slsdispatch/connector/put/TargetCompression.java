package io.slsdispatch.connector.put;

import io.slsdispatch.connector.client.FeatureSupport;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.wire.Compression;
import org.jspecify.annotations.Nullable;

/**
 * How the requests of an engine are compressed: as its policy says, or as LZ4 while the target has proved that it does
 * not accept zstd. One thread.
 *
 * @param zstd whether the target accepts zstd
 */
record TargetCompression<I>(
        CompressionConfig wanted, FeatureSupport zstd, PutMetrics metrics, PutListener<I> listener) {

    /** The compression of the next request of a batch. */
    CompressionConfig of(BatchCompression batch, long now) {
        if (wanted.kind() == Compression.LZ4) {
            return wanted;
        }
        boolean isOn = zstd.isOn(now);
        metrics.lz4InsteadOfZstd(!isOn);
        return isOn && !batch.fallsBackToLz4() ? wanted : CompressionConfig.LZ4;
    }

    /** A request with zstd was accepted. */
    void zstdAccepted() {
        zstd.accepted();
    }

    /** A batch is accepted: that is evidence against zstd if the target has refused the same items as zstd. */
    void accepted(BatchCompression batch, long now) {
        SlsException refusal = batch.refusalOfZstd();
        if (refusal != null && zstd.contrast(batch.refusedSentAt(), now)) {
            metrics.lz4InsteadOfZstd(true);
            listener.zstdSwitchedOff(refusal);
        }
    }

    /** How the requests of a batch are compressed: with zstd, until one of them fails possibly for that. One thread. */
    static final class BatchCompression {

        private Compression sentAs = Compression.LZ4;
        private int itemsSent;
        private long sentAt;
        private @Nullable ZstdFailure failure;

        /** A failed request that was compressed with zstd, and the number of its items. */
        private record ZstdFailure(SlsException error, int items, long sentAt) {}

        /** A request is sent. */
        void sent(Compression kind, int items, long now) {
            sentAs = kind;
            itemsSent = items;
            sentAt = now;
        }

        /** Whether the last request was compressed with zstd. */
        boolean isZstd() {
            return sentAs == Compression.ZSTD;
        }

        /** The last request failed, possibly because of zstd: until an item is settled, the items are sent as LZ4. */
        void fallBackToLz4(SlsException error) {
            failure = new ZstdFailure(error, itemsSent, sentAt);
        }

        /** Whether the items are sent as LZ4 whatever the policy says. */
        boolean fallsBackToLz4() {
            return failure != null;
        }

        /**
         * The failure of which zstd is the reason, when the last request is accepted: that request carried the same items as
         * LZ4. Null when it proves nothing.
         */
        @Nullable
        SlsException refusalOfZstd() {
            return failure != null && !isZstd() && failure.items == itemsSent ? failure.error : null;
        }

        /** When the request was sent that {@link #refusalOfZstd} is about. */
        long refusedSentAt() {
            return failure == null ? 0 : failure.sentAt;
        }

        /** An item is settled: the next ones are sent as the policy says. */
        void progressed() {
            failure = null;
        }

        /** Copies the history of another batch, of which this one is a part. */
        void inherit(BatchCompression whole) {
            failure = whole.failure;
        }
    }
}
