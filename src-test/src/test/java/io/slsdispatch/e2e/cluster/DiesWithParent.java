package io.slsdispatch.e2e.cluster;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The main class of every process of a cluster: runs another main class, and ends the process when the test's process
 * is gone. A shutdown hook alone leaves a whole cluster behind when the test's process is killed the hard way.
 *
 * <p>Arguments: process id of the parent, name of the main class to run, that class's own arguments.
 */
public final class DiesWithParent {

    /** Exit code of a process whose parent is gone. */
    static final int ORPHANED = 86;

    private DiesWithParent() {}

    // Nothing can go wrong in what is done at the end.
    @SuppressWarnings("FutureReturnValueIgnored")
    public static void main(String[] args) throws Throwable {
        Optional<ProcessHandle> parent = ProcessHandle.of(Long.parseLong(args[0]));
        if (parent.isEmpty()) {
            Runtime.getRuntime().halt(ORPHANED);
        }
        parent.orElseThrow().onExit().thenRun(() -> Runtime.getRuntime().halt(ORPHANED));
        String[] rest = Arrays.copyOfRange(args, 2, args.length);
        try {
            Class.forName(args[1]).getMethod("main", String[].class).invoke(null, (Object) rest);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
