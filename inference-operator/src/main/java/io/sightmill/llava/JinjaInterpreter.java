package io.sightmill.llava;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpreterFactory;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * One rendering, which ends at its first error and when its time is up; the library on its own
 * gathers errors and goes on. For one thread.
 */
final class JinjaInterpreter extends JinjavaInterpreter {

    /** Of work, not of waiting for a processor: a busy machine must not refuse a good template. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long deadline;

    private JinjaInterpreter(Jinjava library, Context context, JinjavaConfig config) {
        super(library, context, config);
        this.deadline = worked() + LONGEST.toNanos();
    }

    private JinjaInterpreter(JinjavaInterpreter outer) {
        super(outer);
        this.deadline =
                outer instanceof JinjaInterpreter same
                        ? same.deadline
                        : worked() + LONGEST.toNanos();
    }

    private static long worked() {
        return THREADS.isCurrentThreadCpuTimeSupported()
                ? THREADS.getCurrentThreadCpuTime()
                : System.nanoTime();
    }

    @Override
    public Object resolveELExpression(String expression, int lineNumber) {
        // No block of a template does anything without an expression.
        if (worked() - deadline > 0) {
            throw new Stop("it is not done after " + LONGEST.toMillis() + " ms of work");
        }
        return super.resolveELExpression(expression, lineNumber);
    }

    @Override
    public void addError(TemplateError error) {
        // What a function of ours says is more to the point than that it failed.
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Stop stop) {
                throw stop;
            }
        }
        boolean isUnknownProperty =
                error.getReason() == TemplateError.ErrorReason.UNKNOWN
                        && error.getException() == null;
        if (!isUnknownProperty) { // which in Jinja is undefined, and that is no error
            throw new Stop("line " + error.getLineno() + ": " + error.getMessage());
        }
    }

    /** Makes these instead of the library's. */
    static final class Factory implements InterpreterFactory {

        @Override
        public JinjavaInterpreter newInstance(JinjavaInterpreter outer) {
            return new JinjaInterpreter(outer);
        }

        @Override
        public JinjavaInterpreter newInstance(
                Jinjava library, Context context, JinjavaConfig config) {
            return new JinjaInterpreter(library, context, config);
        }
    }

    /** Ends a rendering. An error, for the library catches every exception and goes on. */
    static final class Stop extends Error {

        private static final long serialVersionUID = 1L;

        Stop(String message) {
            super(message);
        }
    }
}
