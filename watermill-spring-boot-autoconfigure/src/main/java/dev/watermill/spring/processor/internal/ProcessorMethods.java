package dev.watermill.spring.processor.internal;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidProcessorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Chooses the processing functions among the methods of a bean.
 */
final class ProcessorMethods {

	private static final Logger logger = LoggerFactory.getLogger(ProcessorMethods.class);

	private ProcessorMethods() {
	}

	/**
	 * Return the methods that carry the annotation, in the order of their names.
	 */
	static List<Map.Entry<Method, WaterMillProcessor>> annotated(Class<?> type) {
		return MethodIntrospector.selectMethods(type, ProcessorMethods::annotation)
			.entrySet()
			.stream()
			.sorted(Comparator.comparing((entry) -> entry.getKey().toString()))
			.toList();
	}

	/**
	 * Return the methods that carry the annotation, none for a class whose methods name
	 * classes that are not there, as those of optional libraries.
	 */
	static List<Map.Entry<Method, WaterMillProcessor>> annotatedIfLoadable(Class<?> type) {
		try {
			return annotated(type);
		}
		catch (LinkageError | TypeNotPresentException ex) {
			logger.debug("Did not look for processing functions in {}", type, ex);
			return List.of();
		}
	}

	private static @Nullable WaterMillProcessor annotation(Method method) {
		// On a @Bean method the annotation is about the bean that it makes
		return AnnotatedElementUtils.hasAnnotation(method, Bean.class) ? null
				: AnnotatedElementUtils.findMergedAnnotation(method, WaterMillProcessor.class);
	}

	static void checkAnnotated(Class<?> type, Method method) {
		String problem = Modifier.isStatic(method.getModifiers()) ? "static"
				: Modifier.isPrivate(method.getModifiers()) ? "private" : "";
		if (!problem.isEmpty()) {
			throw new InvalidProcessorException(
					"The method " + ProcessorSource.describe(type, method) + " is annotated with @WaterMillProcessor, "
							+ "but is " + problem + ".",
					"Make it an instance method that is not private; it may be package-private.");
		}
	}

	/**
	 * Return the only method of a class that can be its processing function.
	 */
	static Method single(String mill, Class<?> type, ContainerCallbacks callbacks) {
		List<Method> methods = Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> !Modifier.isPrivate(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
			.filter((method) -> !method.isSynthetic() && !callbacks.include(type, method))
			.sorted(Comparator.comparing(Method::toString))
			.toList();
		if (methods.size() == 1) {
			return methods.get(0);
		}
		String name = ClassUtils.getShortName(type);
		if (methods.isEmpty()) {
			throw new InvalidProcessorException(
					"The class " + name + " is the processor of the mill '" + mill
							+ "', but declares no method that could be its processing function.",
					"Declare one instance method in it that is not private; it may be package-private.");
		}
		throw new InvalidProcessorException(
				"The class " + name + " is the processor of the mill '" + mill
						+ "', but declares several methods that could be its processing function: "
						+ String.join(", ", methods.stream().map(Method::getName).toList()) + ".",
				"Make the others private, or put @WaterMillProcessor on the method instead, and @Component on the "
						+ "class.");
	}

	/**
	 * Return the method to call on a bean that may be a proxy.
	 */
	static Method invocable(ProcessorSource source, Object bean) {
		Method method = source.method();
		if (AopUtils.isJdkDynamicProxy(bean)) {
			return onInterface(source, bean);
		}
		if (AopUtils.isCglibProxy(bean) && !isOverridden(method, bean.getClass())) {
			throw source.refuse(
					"belongs to the proxied bean '" + source.beanName() + "', but is out of the proxy's reach"
							+ (Modifier.isFinal(method.getModifiers()) ? ", because it is final" : ""),
					"Make the method public and not final, so that the advice on the bean is applied to it.");
		}
		return method;
	}

	private static Method onInterface(ProcessorSource source, Object bean) {
		try {
			return AopUtils.selectInvocableMethod(source.method(), bean.getClass());
		}
		catch (IllegalStateException ex) {
			throw source.refuse(
					"belongs to the bean '" + source.beanName()
							+ "', whose proxy implements only its interfaces, and none of them has the method",
					"Declare the method in an interface of the class, or let the class be proxied itself "
							+ "(spring.aop.proxy-target-class=true).");
		}
	}

	private static boolean isOverridden(Method method, Class<?> proxy) {
		return Arrays.stream(proxy.getDeclaredMethods())
			.anyMatch((candidate) -> candidate.getName().equals(method.getName())
					&& Arrays.equals(candidate.getParameterTypes(), method.getParameterTypes()));
	}

}
