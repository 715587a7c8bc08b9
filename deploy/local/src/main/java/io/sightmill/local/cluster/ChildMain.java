package io.sightmill.local.cluster;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * The main class of every child JVM: runs another main class, and halts when standard input ends,
 * which it does when the parent is gone, however that ended.
 */
final class ChildMain {

    private static final int PARENT_IS_GONE = 143;

    private ChildMain() {}

    /**
     * @param arguments the main class to run, then its arguments
     */
    public static void main(String[] arguments) throws Throwable {
        Thread watch = new Thread(ChildMain::haltWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        try {
            Class.forName(arguments[0])
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) rest);
        } catch (InvocationTargetException exception) {
            throw exception.getCause();
        }
    }

    private static void haltWithParent() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (IOException exception) {
            // As good an end of input as any.
        }
        Runtime.getRuntime().halt(PARENT_IS_GONE);
    }
}
