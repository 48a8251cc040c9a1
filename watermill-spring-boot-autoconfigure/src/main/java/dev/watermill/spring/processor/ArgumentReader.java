package dev.watermill.spring.processor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.MillContext;
import dev.watermill.engine.LaneContext;
import dev.watermill.join.JoinTree;
import dev.watermill.join.internal.JoinView;
import dev.watermill.join.internal.Matches;
import org.jspecify.annotations.Nullable;

/**
 * Takes an argument of a processing function from a delivery.
 */
@FunctionalInterface
interface ArgumentReader {

	/** The master's element. */
	ArgumentReader ELEMENT = (delivered, context) -> delivered.get(0);

	/** The window. */
	ArgumentReader WINDOW = (delivered, context) -> delivered.asList();

	/** The context. */
	ArgumentReader CONTEXT = (delivered, context) -> new MillContext(context);

	/**
	 * Read the argument.
	 * @param delivered what is delivered
	 * @param context what else is known of the delivery
	 * @return the argument
	 */
	@Nullable Object read(Matches delivered, LaneContext context);

	/**
	 * Read what belongs to a joined stream.
	 */
	static ArgumentReader joined(JoinTree tree, StreamArgument.Form form, List<Integer> nodes) {
		List<JoinView> views = nodes.stream().map((node) -> new JoinView(tree, node)).toList();
		JoinView view = views.get(0);
		return switch (form) {
			case ELEMENT -> (delivered, context) -> view.only(delivered).first();
			case LIST -> (delivered, context) -> view.only(delivered).asList();
			case MAP -> (delivered, context) -> view.first(delivered);
			case MAP_OF_LISTS -> (views.size() == 1) ? (delivered, context) -> view.many(delivered)
					: (delivered, context) -> concatenated(views, delivered);
		};
	}

	private static Map<Object, List<Object>> concatenated(List<JoinView> views, Matches delivered) {
		Map<Object, List<Object>> all = new LinkedHashMap<>();
		for (JoinView view : views) {
			view.many(delivered)
				.forEach((parent, matches) -> all.computeIfAbsent(parent, (key) -> new ArrayList<>()).addAll(matches));
		}
		all.replaceAll((parent, matches) -> Collections.unmodifiableList(matches));
		return Collections.unmodifiableMap(all);
	}

}
