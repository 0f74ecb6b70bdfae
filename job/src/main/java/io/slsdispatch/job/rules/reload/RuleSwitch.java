package io.slsdispatch.job.rules.reload;

import io.slsdispatch.job.rules.RuleSet;
import org.jspecify.annotations.Nullable;

/**
 * By which version of the rules a subtask dispatches, and when it changes.
 *
 * <p>A proposal names the checkpoint from which it is to hold. At this checkpoint's barrier the subtask stores the
 * proposed version, and from then on it is held: it does not know yet by which version the next group goes. When the
 * checkpoint is confirmed, it goes by the new one; when it is aborted, by the old one. So whatever checkpoint a job is
 * restored from, a group that is read again goes by the version by which it went the first time, if it went at all.
 *
 * <p>One thread at a time, except {@link #activeVersion()}.
 */
public final class RuleSwitch {

    private record Proposal(long checkpointId, RuleSet rules) {}

    private RuleSet active;
    private volatile long activeVersion;
    private @Nullable Proposal proposal;
    private boolean held;

    public RuleSwitch(RuleSet active) {
        this.active = active;
        this.activeVersion = active.version();
    }

    /** The version by which groups go while this is not held. */
    public RuleSet active() {
        return active;
    }

    /** Its number; safe to ask from any thread. */
    public long activeVersion() {
        return activeVersion;
    }

    /** Whether no group may be dispatched. */
    public boolean isHeld() {
        return held;
    }

    /** The checkpoint that is waited for while this is held. */
    public long heldFor() {
        if (proposal == null || !held) {
            throw new IllegalStateException("not held");
        }
        return proposal.checkpointId;
    }

    /**
     * Takes a version that is to hold from a checkpoint on. It replaces an earlier proposal: whoever proposes does so
     * only when the earlier one's checkpoint was aborted, so that this is also word of that.
     */
    public void propose(long checkpointId, RuleSet rules) {
        held = false;
        proposal = new Proposal(checkpointId, rules);
    }

    /** What a checkpoint must store, taken at its barrier. Holds the subtask when this is the proposal's checkpoint. */
    public RuleSet store(long checkpointId) {
        if (held) {
            throw new IllegalStateException("checkpoint " + checkpointId + " while it is not known whether checkpoint "
                    + heldFor() + " was completed");
        }
        if (proposal == null) {
            return active;
        }
        if (proposal.checkpointId != checkpointId) {
            // Its checkpoint never reached this subtask; only the coordinator can propose it again.
            if (proposal.checkpointId < checkpointId) {
                proposal = null;
            }
            return active;
        }
        held = true;
        return proposal.rules;
    }

    /** Takes the word that a checkpoint is complete. Gives whether another version holds now. */
    public boolean complete(long checkpointId) {
        if (!held || proposal == null || checkpointId < proposal.checkpointId) {
            return false;
        }
        active = proposal.rules;
        activeVersion = active.version();
        proposal = null;
        held = false;
        return true;
    }

    /** Takes the word that a checkpoint will never be complete. */
    public void abort(long checkpointId) {
        if (proposal != null && proposal.checkpointId == checkpointId) {
            proposal = null;
            held = false;
        }
    }
}
