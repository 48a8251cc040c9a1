package dev.watermill.spring.mill;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.Lifecycle;

/**
 * Registers with the container what mills need, so that it starts and creates these beans
 * before the mills, and stops and destroys them after.
 */
final class MillDependencies {

	private final ConfigurableListableBeanFactory beanFactory;

	MillDependencies(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Register the beans that mills use as what a bean depends on.
	 */
	void register(String dependent, Iterable<String> used) {
		for (String name : used) {
			if (!name.equals(dependent)) {
				this.beanFactory.registerDependentBean(name, dependent);
			}
		}
	}

	/**
	 * Register all beans with a life cycle as what the life cycle of mills depends on: a
	 * processor may reach any bean, by ways that nobody sees from here, and the container
	 * considers direct dependencies only. Those that need the mills themselves depend on
	 * it instead.
	 */
	void registerLifecycles(String lifecycle, List<String> millBeans) {
		Set<String> above = dependents(lifecycle, millBeans);
		for (String name : this.beanFactory.getBeanNamesForType(Lifecycle.class, false, false)) {
			String bean = BeanFactoryUtils.transformedBeanName(name);
			if (!above.contains(bean)) {
				this.beanFactory.registerDependentBean(bean, lifecycle);
			}
			else if (!bean.equals(lifecycle)) {
				this.beanFactory.registerDependentBean(lifecycle, bean);
			}
		}
	}

	private Set<String> dependents(String lifecycle, List<String> millBeans) {
		Set<String> found = new LinkedHashSet<>(millBeans);
		found.add(lifecycle);
		Deque<String> open = new ArrayDeque<>(found);
		while (!open.isEmpty()) {
			for (String dependent : this.beanFactory.getDependentBeans(open.pop())) {
				if (found.add(dependent)) {
					open.add(dependent);
				}
			}
		}
		return found;
	}

}
