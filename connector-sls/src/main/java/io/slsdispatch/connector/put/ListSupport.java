package io.slsdispatch.connector.put;

import java.util.concurrent.TimeUnit;
import org.apache.flink.annotation.Internal;

/**
 * Whether a target takes lists of groups ({@code batch_group}), which is documented nowhere and which a gateway on the way
 * may not know. Only contrast says that it does not: a list fails, and a group of it, sent alone after that, is accepted,
 * {@link #CONTRASTS} times without a list accepted in between. Then groups go one by one, and lists are tried again after
 * {@link #AGAIN_AFTER_MINUTES} minutes. One thread; times are those of {@link System#nanoTime}.
 */
@Internal
public final class ListSupport {

    /** How many contrasts it takes. */
    public static final int CONTRASTS = 3;

    /** How long lists are not tried. */
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

    /** The target has accepted a list. */
    public void accepted() {
        contrasts = 0;
        off = false;
    }

    /**
     * A group was accepted alone after a list that holds it had failed.
     *
     * @param listSentAt when the list was sent; several that failed in one bad time are one contrast
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
