package dev.watermill.broker.kafka;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Which topics a stream is read of: names, and patterns in which {@code *} stands for any
 * characters and {@code ?} for one, neither of which a name can have. A pattern stands
 * for the topics that there are whenever somebody asks. Immutable.
 *
 * @param written the names and patterns, as their user wrote them
 * @param hasPattern whether which topics these are depends on which there are
 * @param there asks which topics the cluster has
 */
record TopicNames(List<String> written, boolean hasPattern, Supplier<? extends Collection<String>> there) {

	static TopicNames of(List<String> written) {
		return new TopicNames(List.copyOf(written), written.stream().anyMatch(TopicNames::isPattern), List::of);
	}

	/**
	 * Return these names in a cluster.
	 */
	TopicNames among(Supplier<? extends Collection<String>> topics) {
		return new TopicNames(this.written, this.hasPattern, topics);
	}

	static boolean isPattern(String name) {
		return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
	}

	/**
	 * Whether a topic is one of these, or would be if it was there.
	 */
	boolean includes(String topic) {
		return this.written.stream().anyMatch((one) -> takesIn(one, topic));
	}

	private static boolean takesIn(String one, String topic) {
		return isPattern(one) ? regex(one).matcher(topic).matches() : one.equals(topic);
	}

	private static Pattern regex(String pattern) {
		// names consist of letters, digits, dots, underscores and hyphens
		return Pattern.compile(pattern.replace(".", "\\.").replace("*", ".*").replace('?', '.'));
	}

	/**
	 * Return the names of the topics that there are now: in the order of what is written,
	 * those of a pattern in the order of their names, each once.
	 */
	List<String> now() {
		if (!this.hasPattern) {
			return this.written;
		}
		Set<String> sorted = new TreeSet<>(this.there.get());
		Set<String> names = new LinkedHashSet<>();
		for (String one : this.written) {
			if (isPattern(one)) {
				sorted.stream().filter((topic) -> takesIn(one, topic)).forEach(names::add);
			}
			else {
				names.add(one);
			}
		}
		return List.copyOf(names);
	}

}
