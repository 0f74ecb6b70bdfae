package io.slsdispatch.testing;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/** Calls that give work to another thread or to a timer, whose failures would then be heard by nobody. */
public final class UnguardedTasks extends DescribedPredicate<JavaCall<?>> {

    public UnguardedTasks() {
        super("a call that hands a task to an executor, a thread or a timer");
    }

    @Override
    public boolean test(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        String name = call.getTarget().getName();
        boolean isNew = name.equals("<init>");
        if (owner.isAssignableTo(Thread.class)) {
            return name.equals("start") || (isNew && owner.isEquivalentTo(Thread.class));
        }
        if (owner.isAssignableTo(Timer.class)) {
            return isNew || name.startsWith("schedule");
        }
        if (owner.isAssignableTo(Executor.class)) {
            return name.equals("execute")
                    || name.equals("submit")
                    || name.startsWith("invoke")
                    || name.startsWith("schedule");
        }
        if (owner.isAssignableTo(CompletionStage.class)) {
            return name.endsWith("Async")
                    || (owner.isAssignableTo(CompletableFuture.class) && name.equals("delayedExecutor"));
        }
        return (owner.isAssignableTo(SplitEnumeratorContext.class)
                        && (name.equals("callAsync") || name.equals("runInCoordinatorThread")))
                || (owner.isAssignableTo(ProcessingTimeService.class) && name.equals("registerTimer"));
    }
}
