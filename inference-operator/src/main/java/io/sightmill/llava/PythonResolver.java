package io.sightmill.llava;

import com.hubspot.jinjava.el.TypeConvertingMapELResolver;
import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.objects.collections.PyList;
import com.hubspot.jinjava.objects.collections.PyMap;
import com.hubspot.jinjava.util.ForLoop;
import java.util.Map;
import java.util.Set;
import jinjava.javax.el.ArrayELResolver;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;

/**
 * What an expression of a chat template may reach: elements, keys, {@code loop}, and the Python
 * methods of texts, lists and mappings. Never a method or property of a Java object. Thread-safe.
 */
final class PythonResolver extends CompositeELResolver {

    private static final Set<String> LIST_METHODS = Set.of("append", "index", "count", "copy");
    private static final Set<String> MAP_METHODS = Set.of("get", "items", "keys", "update");

    PythonResolver() {
        add(new ArrayELResolver(true));
        add(new JinjavaListELResolver(true));
        add(new TypeConvertingMapELResolver(true));
        add(new Allowed());
    }

    /** The last word on every method and on what is neither list nor mapping. */
    private static final class Allowed extends JinjavaBeanELResolver {

        Allowed() {
            super(true);
        }

        @Override
        public Object getValue(ELContext context, Object base, Object property) {
            if (base instanceof ForLoop) {
                return super.getValue(context, base, property);
            }
            context.setPropertyResolved(true);
            return null;
        }

        @Override
        public Object invoke(
                ELContext context,
                Object base,
                Object method,
                Class<?>[] types,
                Object[] arguments) {
            String name = String.valueOf(method);
            if (base instanceof String text) {
                context.setPropertyResolved(true);
                return PythonText.call(text, name, arguments);
            }
            if (base instanceof Map<?, ?> map && name.equals("values")) {
                context.setPropertyResolved(true);
                return new PyList(new java.util.ArrayList<>(map.values()));
            }
            if (!isAllowed(base, name)) {
                throw new JinjaInterpreter.Stop("there is no method '" + name + "' to call");
            }
            return super.invoke(context, base, method, types, arguments);
        }

        private static boolean isAllowed(Object base, String name) {
            return base instanceof Filter && name.equals("filter")
                    || base instanceof ExpTest && name.startsWith("evaluate")
                    || base instanceof PyList && LIST_METHODS.contains(name)
                    || base instanceof PyMap && MAP_METHODS.contains(name);
        }
    }
}
