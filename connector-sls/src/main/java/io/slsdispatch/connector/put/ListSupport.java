package io.slsdispatch.connector.put;

import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;

/**
 * Detects whether a target accepts lists of groups ({@code batch_group}), which is not documented and which a gateway
 * may not support. Only contrast proves that it does not: a list fails, and one of its groups, sent alone afterwards,
 * is accepted, {@link #CONTRASTS} times without an accepted list in between. Groups are then sent one by one, and lists
 * are tried again after {@link #AGAIN_AFTER_MINUTES} minutes. One thread; times are those of {@link System#nanoTime}.
 */
@Internal
public final class ListSupport {

    /** The number of contrasts that switch lists off. */
    public static final int CONTRASTS = 3;

    /** How long lists are not sent. */
    public static final long AGAIN_AFTER_MINUTES = 5;

    private static final long AGAIN_AFTER = TimeUnit.MINUTES.toNanos(AGAIN_AFTER_MINUTES);

    private int contrasts;
    private long lastContrastAt;
    private boolean off;
    private long offSince;

    /** Whether groups may be sent as lists now. */
    public boolean isOn(long now) {
        if (off && now - offSince >= AGAIN_AFTER) {
            off = false;
            contrasts = 0;
        }
        return !off;
    }

    /** Whether lists are sent, and nothing speaks against them. */
    boolean isUsual(long now) {
        return isOn(now) && contrasts == 0;
    }

    /** The target has accepted a list. */
    public void accepted() {
        contrasts = 0;
        off = false;
    }

    /**
     * A group was accepted alone after a list that contains it had failed.
     *
     * @param listSentAt when the list was sent; several lists that failed in one outage are one contrast
     * @return whether that switches lists off
     */
    public boolean contrast(long listSentAt, long now) {
        if (off || (contrasts > 0 && listSentAt - lastContrastAt < 0)) {
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
