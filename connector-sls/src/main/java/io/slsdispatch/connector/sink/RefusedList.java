package io.slsdispatch.connector.sink;

/**
 * A list of groups that the service refused as a whole, and whose groups are sent one by one to find out why: either one
 * of them is bad, or the service takes no lists. Task thread only.
 */
final class RefusedList {

    private int unsettled;
    private boolean badGroup;

    RefusedList(int groups) {
        unsettled = groups;
    }

    void accepted() {
        unsettled--;
    }

    void rejected() {
        unsettled--;
        badGroup = true;
    }

    /** Whether every group was taken on its own, so that it was the list that was refused. */
    boolean showsThatListsAreRefused() {
        return unsettled == 0 && !badGroup;
    }
}
