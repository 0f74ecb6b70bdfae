package io.slsdispatch.connector.client;

import java.time.Duration;
import org.apache.flink.annotation.Internal;

/**
 * Detects whether the service accepts a kind of request that it does not document, or that a gateway in between may not
 * support: lists of groups ({@code batch_group}), or zstd. Only contrast proves that it does not: such a request fails,
 * and the same content, sent in the plain way afterwards, is accepted, {@link #CONTRASTS} times without an accepted
 * request of this kind in between. The feature is then not used for a while. One thread; times are those of {@link
 * System#nanoTime}.
 */
@Internal
public final class FeatureSupport {

    /** The number of contrasts that switch a feature off. */
    public static final int CONTRASTS = 3;

    /** How long lists are not sent. */
    public static final Duration LISTS_AGAIN_AFTER = Duration.ofMinutes(5);

    /** How long zstd is not used: to try it again costs a few requests more, and no service is changed every minute. */
    public static final Duration ZSTD_AGAIN_AFTER = Duration.ofHours(1);

    private final long againAfter;
    private int contrasts;
    private long lastContrastAt;
    private boolean off;
    private long offSince;

    private FeatureSupport(Duration againAfter) {
        this.againAfter = againAfter.toNanos();
    }

    /** For lists of groups. */
    public static FeatureSupport ofLists() {
        return new FeatureSupport(LISTS_AGAIN_AFTER);
    }

    /** For zstd. */
    public static FeatureSupport ofZstd() {
        return new FeatureSupport(ZSTD_AGAIN_AFTER);
    }

    /** Whether the feature may be used now. */
    public boolean isOn(long now) {
        if (off && now - offSince >= againAfter) {
            off = false;
            contrasts = 0;
        }
        return !off;
    }

    /** Whether the feature is used, and nothing speaks against it. */
    public boolean isUsual(long now) {
        return isOn(now) && contrasts == 0;
    }

    /** A request with the feature was accepted. */
    public void accepted() {
        contrasts = 0;
        off = false;
    }

    /**
     * What had failed with the feature was accepted without it.
     *
     * @param failedSentAt when the request that failed was sent; several that failed in one outage are one contrast
     * @return whether that switches the feature off
     */
    public boolean contrast(long failedSentAt, long now) {
        if (off || (contrasts > 0 && failedSentAt - lastContrastAt < 0)) {
            return false;
        }
        contrasts++;
        lastContrastAt = now;
        if (contrasts < CONTRASTS) {
            return false;
        }
        off = true;
        offSince = now;
        return true;
    }
}
