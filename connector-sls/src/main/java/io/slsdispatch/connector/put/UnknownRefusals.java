package io.slsdispatch.connector.put;

/**
 * How often a target has refused a group with codes that are not known, and whether it accepted others meanwhile: what
 * {@link PutErrors} keeps of a group. One thread.
 */
public final class UnknownRefusals {

    /** The first refusal, as {@link PutErrors} counts events; 0 for none. */
    private long since;

    private int tries;
    private boolean contrast;

    /** The list that holds the group was refused: that is its first refusal, too. */
    void listRefused(long event) {
        if (since == 0) {
            since = event;
        }
    }

    /** The group is sent: only what was accepted before a try that fails can be held against it. */
    public void sent(PutErrors errors) {
        contrast = since > 0 && errors.contrastsWith(this, since);
    }

    /** @return whether that is enough to say that the refusals are about the group */
    boolean refused(long event) {
        if (since == 0) {
            since = event;
        }
        tries++;
        return contrast && tries >= PutErrors.TRIES_OF_UNKNOWN;
    }

    /** How often the group alone was refused. */
    public int tries() {
        return tries;
    }

    /** The group is settled, the next one of the same refused list is looked at. */
    public void nextGroup() {
        tries = 0;
        contrast = false;
    }
}
