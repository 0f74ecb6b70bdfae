package io.slsdispatch.e2e.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The TaskManager processes of one cluster, dead ones too, numbered from 1 in the order of their start. */
final class TaskManagers {

    private static final String NAME = "taskmanager-";

    private final Launcher launcher;
    private final ProcessSettings settingsOfAll;
    private final List<ClusterProcess> started = new CopyOnWriteArrayList<>();

    TaskManagers(Launcher launcher, ProcessSettings settingsOfAll) {
        this.launcher = launcher;
        this.settingsOfAll = settingsOfAll;
    }

    /** The number of the TaskManager that Flink calls by this id; 0 = it is none. */
    static int numberOf(String id) {
        return id.startsWith(NAME) ? Integer.parseInt(id.substring(NAME.length())) : 0;
    }

    /** @return the number of the new one */
    int start(ProcessSettings settings) {
        int number = started.size() + 1;
        started.add(launcher.taskManager(NAME + number, settingsOfAll.and(settings)));
        return number;
    }

    ClusterProcess get(int number) {
        if (number < 1 || number > started.size()) {
            throw new IllegalArgumentException(
                    "No TaskManager " + number + ": " + started.size() + " were started, the first is 1");
        }
        return started.get(number - 1);
    }

    /** Numbers of those whose processes live, paused ones too. */
    Set<Integer> living() {
        return IntStream.rangeClosed(1, started.size())
                .filter(number -> get(number).isAlive())
                .boxed()
                .collect(Collectors.toSet());
    }

    Stream<ClusterProcess> all() {
        return started.stream();
    }
}
