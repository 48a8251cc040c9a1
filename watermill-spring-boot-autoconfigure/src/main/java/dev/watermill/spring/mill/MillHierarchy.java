package dev.watermill.spring.mill;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

import dev.watermill.Mill;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;

/**
 * The mills of an application context together with those of its ancestors, for what is
 * there once and shows all: the health and the endpoint of a child context take the place
 * of its parent's. Thread-safe.
 */
final class MillHierarchy implements Mills {

	/** From the context itself upwards. */
	private final List<Mills> levels;

	private MillHierarchy(List<Mills> levels) {
		this.levels = List.copyOf(levels);
	}

	/**
	 * Return all mills that a context knows of.
	 * @param context the context
	 * @return its mills and those of its ancestors
	 */
	static Mills of(ApplicationContext context) {
		List<Mills> levels = new ArrayList<>();
		for (ApplicationContext level = context; level != null; level = level.getParent()) {
			for (String name : level.getBeanNamesForType(Mills.class)) {
				levels.add(level.getBean(name, Mills.class));
			}
		}
		return (levels.size() == 1) ? levels.get(0) : new MillHierarchy(levels);
	}

	@Override
	public Collection<Mill> all() {
		return this.levels.stream()
			.flatMap((mills) -> mills.all().stream())
			.sorted(Comparator.comparing(Mill::name))
			.toList();
	}

	@Override
	public @Nullable Mill get(String name) {
		return this.levels.stream()
			.flatMap((mills) -> mills.all().stream())
			.filter((mill) -> mill.name().equals(name))
			.findFirst()
			.orElse(null);
	}

}
