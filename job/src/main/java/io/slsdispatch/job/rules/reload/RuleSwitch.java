package io.slsdispatch.job.rules.reload;

import io.slsdispatch.job.rules.RuleSet;
import org.jspecify.annotations.Nullable;

/**
 * The version of the rules by which a subtask dispatches, and the switch to a new one.
 *
 * <p>A proposal names the checkpoint from which the new version applies. At the barrier of this checkpoint the subtask
 * stores the proposed version. From then on the subtask is held: it does not know yet which version applies to the next
 * group. When the checkpoint completes, the new version applies; when it is aborted, the old one. So whichever
 * checkpoint a job is restored from, a group that is read again is dispatched by the same version as the first time, if
 * it was dispatched at all.
 *
 * <p>Not thread-safe, except {@link #activeVersion()}.
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

    /** The version by which groups are dispatched while this is not held. */
    public RuleSet active() {
        return active;
    }

    /** The number of the active version; may be called from any thread. */
    public long activeVersion() {
        return activeVersion;
    }

    /** Whether no group may be dispatched. */
    public boolean isHeld() {
        return held;
    }

    /** The checkpoint that this waits for while it is held. */
    public long heldFor() {
        if (proposal == null || !held) {
            throw new IllegalStateException("no checkpoint is waiting for confirmation");
        }
        return proposal.checkpointId;
    }

    /**
     * Takes a version that applies from a checkpoint on. It replaces an earlier proposal: the coordinator makes a new
     * proposal only after the checkpoint of the earlier one was aborted, so a new proposal also means that.
     */
    public void propose(long checkpointId, RuleSet rules) {
        held = false;
        proposal = new Proposal(checkpointId, rules);
    }

    /**
     * Returns the version that a checkpoint stores; called at its barrier. Holds the subtask when this is the
     * proposal's checkpoint.
     */
    public RuleSet store(long checkpointId) {
        if (held) {
            throw new IllegalStateException(
                    "checkpoint " + checkpointId + " began before checkpoint " + heldFor() + " was confirmed");
        }
        if (proposal == null) {
            return active;
        }
        if (proposal.checkpointId != checkpointId) {
            // The checkpoint of the proposal never reached this subtask; only the coordinator can propose the version
            // again.
            if (proposal.checkpointId < checkpointId) {
                proposal = null;
            }
            return active;
        }
        held = true;
        return proposal.rules;
    }

    /** Handles the notification that a checkpoint is complete. Returns whether another version is active now. */
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

    /** Handles the notification that a checkpoint was aborted and will never be complete. */
    public void abort(long checkpointId) {
        if (proposal != null && proposal.checkpointId == checkpointId) {
            proposal = null;
            held = false;
        }
    }
}
