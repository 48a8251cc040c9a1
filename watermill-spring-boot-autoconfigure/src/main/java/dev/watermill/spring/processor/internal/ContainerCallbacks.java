package dev.watermill.spring.processor.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/**
 * Knows the methods of a bean that its container calls, or the language brings along.
 */
final class ContainerCallbacks {

	private static final Set<String> ANNOTATIONS = Set.of("jakarta.annotation.PostConstruct",
			"jakarta.annotation.PreDestroy", "jakarta.annotation.Resource", "jakarta.inject.Inject",
			"org.springframework.beans.factory.annotation.Autowired",
			"org.springframework.beans.factory.annotation.Lookup", "org.springframework.beans.factory.annotation.Value",
			"org.springframework.context.annotation.Bean", "org.springframework.context.event.EventListener",
			"org.springframework.scheduling.annotation.Scheduled",
			"org.springframework.scheduling.annotation.Schedules");

	private final Set<String> lifecycleMethods = new HashSet<>();

	ContainerCallbacks(@Nullable BeanDefinition definition) {
		if (definition instanceof AbstractBeanDefinition bean) {
			add(bean.getInitMethodNames());
			add(bean.getDestroyMethodNames());
		}
	}

	private void add(String @Nullable [] names) {
		for (String name : (names != null) ? names : new String[0]) {
			if (AbstractBeanDefinition.INFER_METHOD.equals(name)) {
				this.lifecycleMethods.addAll(Set.of("close", "shutdown"));
			}
			else {
				this.lifecycleMethods.add(name);
			}
		}
	}

	/**
	 * Whether a method of the bean's class is no business of its own.
	 */
	boolean include(Class<?> type, Method method) {
		return isAnnotated(method) || isLifecycleMethod(method) || isDeclaredByContainer(type, method)
				|| isComponent(type, method);
	}

	private static boolean isAnnotated(Method method) {
		MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
		return ANNOTATIONS.stream().anyMatch(annotations::isPresent);
	}

	private boolean isLifecycleMethod(Method method) {
		return method.getParameterCount() == 0 && this.lifecycleMethods.contains(method.getName());
	}

	private static boolean isDeclaredByContainer(Class<?> type, Method method) {
		return isDeclared(Object.class, method) || isDeclaredAbove(type, method);
	}

	private static boolean isDeclaredAbove(Class<?> type, Method method) {
		for (Class<?> owner = type.getSuperclass(); owner != null; owner = owner.getSuperclass()) {
			if (isContainer(owner) && isDeclared(owner, method)) {
				return true;
			}
		}
		return ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.anyMatch((owner) -> isContainer(owner) && isDeclared(owner, method));
	}

	private static boolean isContainer(Class<?> owner) {
		return owner.getName().startsWith("org.springframework.") || AutoCloseable.class.isAssignableFrom(owner)
				|| owner == Comparable.class;
	}

	private static boolean isDeclared(Class<?> owner, Method method) {
		// An interface may have type parameters, so its arguments need not be of the same
		// type
		return Arrays.stream(owner.getDeclaredMethods())
			.filter((declared) -> !Modifier.isPrivate(declared.getModifiers()) && !declared.isBridge())
			.filter((declared) -> declared.getName().equals(method.getName()))
			.anyMatch((declared) -> overrides(declared, method));
	}

	private static boolean overrides(Method declared, Method method) {
		if (declared.getParameterCount() != method.getParameterCount()) {
			return false;
		}
		Class<?>[] types = method.getParameterTypes();
		for (int i = 0; i < types.length; i++) {
			if (!declared.getParameterTypes()[i].isAssignableFrom(types[i])) {
				return false;
			}
		}
		return true;
	}

	private static boolean isComponent(Class<?> type, Method method) {
		return type.isRecord() && Arrays.stream(type.getRecordComponents())
			.anyMatch((component) -> method.equals(component.getAccessor()));
	}

}
