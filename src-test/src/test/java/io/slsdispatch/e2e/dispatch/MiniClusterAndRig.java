package io.slsdispatch.e2e.dispatch;

import io.slsdispatch.e2e.dispatch.OnMiniCluster.WithLogstores;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** What {@link OnMiniCluster} does. */
final class MiniClusterAndRig implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private static final Namespace NAMESPACE = Namespace.create(MiniClusterAndRig.class);

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        MiniClusterExtension cluster = Clusters.small();
        context.getStore(NAMESPACE).put(MiniClusterExtension.class, cluster);
        cluster.beforeAll(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        cluster(context).beforeEach(context);
        Object test = context.getRequiredTestInstance();
        for (Field field : rigs(test)) {
            WithLogstores with = field.getAnnotation(WithLogstores.class);
            Path folder = Files.createTempDirectory("rig");
            field.set(test, new Rig(folder, with.sourceShards(), with.targetShards(), with.targets()));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        Object test = context.getRequiredTestInstance();
        for (Field field : rigs(test)) {
            Rig rig = (Rig) field.get(test);
            if (rig != null) {
                rig.close();
                FileUtils.deleteDirectory(rig.folder().toFile());
            }
        }
        cluster(context).afterEach(context);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        cluster(context).afterAll(context);
    }

    private static MiniClusterExtension cluster(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(MiniClusterExtension.class, MiniClusterExtension.class);
    }

    private static List<Field> rigs(Object test) {
        List<Field> fields = Arrays.stream(test.getClass().getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(WithLogstores.class))
                .toList();
        fields.forEach(field -> field.setAccessible(true));
        return fields;
    }
}
