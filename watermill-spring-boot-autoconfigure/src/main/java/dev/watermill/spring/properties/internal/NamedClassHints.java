package dev.watermill.spring.properties.internal;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.ClassUtils;

/**
 * Tells a native image which classes the settings of mills and streams name: results,
 * Kafka's serializers and deserializers, exceptions.
 */
final class NamedClassHints implements BeanFactoryInitializationAotProcessor {

	private static final Pattern CLASS_NAME = Pattern.compile("[\\w$]+(\\.[\\w$]+)+");

	private final BindingReflectionHintsRegistrar bindings = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		Set<Class<?>> named = named(beanFactory.getBean(Environment.class), beanFactory.getBeanClassLoader());
		if (named.isEmpty()) {
			return null;
		}
		return (context, code) -> {
			ReflectionHints hints = context.getRuntimeHints().reflection();
			named.forEach((type) -> {
				hints.registerType(type, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
				this.bindings.registerReflectionHints(hints, type);
			});
		};
	}

	private static Set<Class<?>> named(Environment environment, @Nullable ClassLoader classLoader) {
		Set<Class<?>> classes = new LinkedHashSet<>();
		if (environment instanceof ConfigurableEnvironment configurable) {
			for (PropertySource<?> source : configurable.getPropertySources()) {
				if (source instanceof EnumerablePropertySource<?> enumerable) {
					for (String name : enumerable.getPropertyNames()) {
						if (name.startsWith("watermill.")) {
							add(environment.getProperty(name), classLoader, classes);
						}
					}
				}
			}
		}
		return classes;
	}

	private static void add(@Nullable String value, @Nullable ClassLoader classLoader, Set<Class<?>> classes) {
		if (value == null) {
			return;
		}
		for (String item : value.split(",")) {
			String name = item.trim();
			if (CLASS_NAME.matcher(name).matches() && ClassUtils.isPresent(name, classLoader)) {
				classes.add(ClassUtils.resolveClassName(name, classLoader));
			}
		}
	}

}
