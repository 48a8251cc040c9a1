package dev.watermill.spring.processor.internal;

import java.lang.reflect.Method;
import java.util.Set;

import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/**
 * Refuses beans on which a delivery could not be what it is to a mill: a call that is
 * over, or has failed, when it returns.
 */
final class ProcessorBeanCheck {

	private static final String ASYNC = "org.springframework.scheduling.annotation.Async";

	private static final String ASYNC_PROCESSOR = "org.springframework.context.annotation.internalAsyncAnnotationProcessor";

	/** Scopes that are there while a web server's thread works on a request. */
	private static final Set<String> OF_REQUESTS = Set.of("request", "session");

	private ProcessorBeanCheck() {
	}

	/**
	 * Check that a bean is there for the thread of a mill.
	 */
	static void scope(ProcessorSource source) {
		String scope = scope(source.beanFactory(), source.beanName());
		if (OF_REQUESTS.contains(scope)) {
			throw source.refuse(
					"belongs to the bean '" + source.beanName() + "' of the scope '" + scope
							+ "', but a mill works on a thread of its own, where there is no " + scope,
					"Make it a singleton.");
		}
	}

	/**
	 * Check that a bean for an argument is there for the thread of a mill.
	 */
	static void argumentScope(ProcessorSource source, Argument argument, String beanName) {
		String scope = scope(source.beanFactory(), beanName);
		if (OF_REQUESTS.contains(scope)) {
			throw source.refuse(
					"asks for its " + argument.describe() + ", the bean '" + beanName + "' of the scope '" + scope
							+ "', but a mill works on a thread of its own, where there is no " + scope,
					"Let it ask for a singleton.");
		}
	}

	private static String scope(ConfigurableListableBeanFactory beanFactory, String beanName) {
		String target = ScopedProxyUtils.getTargetBeanName(beanName);
		String name = beanFactory.containsBeanDefinition(target) ? target : beanName;
		String scope = beanFactory.containsBeanDefinition(name) ? beanFactory.getMergedBeanDefinition(name).getScope()
				: null;
		return (scope != null) ? scope : "";
	}

	/**
	 * Check that a call of the function on a bean returns when the function has returned.
	 */
	static void synchronous(ProcessorSource source, Object bean) {
		boolean annotated = source.beanFactory().containsBean(ASYNC_PROCESSOR) && (isAsync(source.method())
				|| MergedAnnotations.from(source.type(), SearchStrategy.TYPE_HIERARCHY).isPresent(ASYNC));
		if (annotated || isAdvisedAsync(source, bean)) {
			throw source.refuse(
					"is asynchronous by @Async: the mill could not know when a delivery is done, nor that it failed, "
							+ "and would commit what was never processed",
					"Remove @Async: a mill has a thread of its own.");
		}
	}

	private static boolean isAsync(Method method) {
		return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(ASYNC);
	}

	private static boolean isAdvisedAsync(ProcessorSource source, Object bean) {
		Object proxy = bean;
		// proxies may stand one before another
		while (proxy instanceof Advised advised) {
			for (Advisor advisor : advised.getAdvisors()) {
				if (advisor.getAdvice() instanceof AsyncExecutionInterceptor && applies(advisor, source)) {
					return true;
				}
			}
			proxy = AopProxyUtils.getSingletonTarget(proxy);
		}
		return false;
	}

	private static boolean applies(Advisor advisor, ProcessorSource source) {
		return !(advisor instanceof PointcutAdvisor pointcut)
				|| pointcut.getPointcut().getMethodMatcher().matches(source.method(), source.type());
	}

}
