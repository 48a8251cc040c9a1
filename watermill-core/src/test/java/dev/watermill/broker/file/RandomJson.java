package dev.watermill.broker.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes JSON up, and ways to write it.
 */
final class RandomJson {

	private static final String[] TEXTS = { "", "plain", "with \"quotes\" and \\", "lines\nand\ttabs", "grüße 水 💧",
			"{[,]}", "],\n{", "\u0000\u001f", "null", "//" };

	private final Random random;

	RandomJson(long seed) {
		this.random = new Random(seed);
	}

	Random random() {
		return this.random;
	}

	List<JsonNode> elements(int count) {
		List<JsonNode> elements = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			JsonNode element = value(3);
			elements.add(element.isNull() ? JsonNodeFactory.instance.numberNode(i) : element);
		}
		return elements;
	}

	private JsonNode value(int depth) {
		JsonNodeFactory nodes = JsonNodeFactory.instance;
		return switch (this.random.nextInt((depth > 0) ? 9 : 6)) {
			case 0 -> nodes.numberNode(this.random.nextInt(100));
			case 1 -> nodes.numberNode(this.random.nextLong());
			case 2 -> nodes.numberNode(this.random.nextGaussian() * Math.pow(10, this.random.nextInt(40) - 20));
			case 3 -> nodes.stringNode(TEXTS[this.random.nextInt(TEXTS.length)]);
			case 4 -> nodes.booleanNode(this.random.nextBoolean());
			case 5 -> nodes.nullNode();
			case 6 -> {
				ArrayNode array = nodes.arrayNode();
				for (int i = this.random.nextInt(4); i > 0; i--) {
					array.add(value(depth - 1));
				}
				yield array;
			}
			default -> {
				ObjectNode object = nodes.objectNode();
				for (int i = this.random.nextInt(4); i > 0; i--) {
					object.set("n" + i + TEXTS[this.random.nextInt(TEXTS.length)], value(depth - 1));
				}
				yield object;
			}
		};
	}

	String array(List<JsonNode> elements) {
		boolean pretty = this.random.nextInt(4) == 0;
		StringBuilder text = new StringBuilder(space()).append('[');
		for (int i = 0; i < elements.size(); i++) {
			text.append((i > 0) ? space() + "," : "").append(space());
			text.append(pretty ? elements.get(i).toPrettyString() : elements.get(i).toString());
		}
		return text.append(space()).append(']').append(space()).toString();
	}

	String lines(List<JsonNode> elements) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < elements.size(); i++) {
			text.append((this.random.nextInt(5) == 0) ? " \t" : "").append(elements.get(i));
			if (i + 1 < elements.size() || this.random.nextBoolean()) {
				String[] breaks = { "\r\n", "\n\n  \n", "\n", "\n" };
				text.append(breaks[this.random.nextInt(breaks.length)]);
			}
		}
		return text.toString();
	}

	private String space() {
		return switch (this.random.nextInt(6)) {
			case 0 -> " ";
			case 1 -> "\r\n\t";
			case 2, 3 -> "\n";
			default -> "";
		};
	}

	/**
	 * Damage a text somewhere.
	 */
	String damaged(String text) {
		StringBuilder damaged = new StringBuilder(text);
		for (int i = this.random.nextInt(3); i >= 0 && damaged.length() > 0; i--) {
			int at = this.random.nextInt(damaged.length());
			int end = Math.min(damaged.length(), at + this.random.nextInt(12));
			switch (this.random.nextInt(3)) {
				case 0 -> damaged.delete(at, end);
				case 1 -> damaged.insert(at, "{}[]\",:\n\\x1".charAt(this.random.nextInt(11)));
				default -> damaged.setCharAt(at, "{}[]\",:\n\\x1".charAt(this.random.nextInt(11)));
			}
		}
		return damaged.toString();
	}

}
