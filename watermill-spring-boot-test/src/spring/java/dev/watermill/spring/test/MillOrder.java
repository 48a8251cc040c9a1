package dev.watermill.spring.test;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.watermill.Mill;

/**
 * In which order mills run: those that write a stream before those that read it.
 */
final class MillOrder {

	private MillOrder() {
	}

	static List<Mill> of(Collection<Mill> mills) {
		List<Mill> left = new ArrayList<>(mills);
		List<Mill> order = new ArrayList<>();
		while (!left.isEmpty()) {
			Mill next = left.stream()
				.filter((mill) -> left.stream().noneMatch((other) -> other != mill && writesFor(other, mill)))
				.findFirst()
				.orElseThrow(() -> new IllegalStateException("The mills " + left.stream().map(Mill::name).toList()
						+ " read what each other writes, so that none of them can run first"));
			left.remove(next);
			order.add(next);
		}
		return order;
	}

	private static boolean writesFor(Mill writer, Mill reader) {
		return writer.outputs()
			.stream()
			.anyMatch((output) -> reader.tree()
				.nodes()
				.stream()
				.anyMatch((node) -> node.source().reads(output.sink().resource())));
	}

}
