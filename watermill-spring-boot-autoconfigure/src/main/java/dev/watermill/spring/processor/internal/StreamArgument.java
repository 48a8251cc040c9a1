package dev.watermill.spring.processor.internal;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * An argument that is a stream.
 *
 * @param argument the argument
 * @param form how the stream is handed over
 * @param element the type of the stream's elements
 * @param parent the type of the elements it is joined to, {@code null} if that is the
 * master
 * @param names the names of the streams: mostly one
 */
record StreamArgument(Argument argument, Form form, ResolvableType element, @Nullable ResolvableType parent,
		List<String> names) {

	static StreamArgument master(Argument argument) {
		ResolvableType element = argument.isList() ? argument.generic(0) : argument.type();
		return new StreamArgument(argument, argument.isList() ? Form.LIST : Form.ELEMENT, element, null,
				argument.streamNames(element));
	}

	private static StreamArgument optional(Argument argument) {
		ResolvableType element = argument.generic(0);
		return new StreamArgument(argument, Form.OPTIONAL, element, null, argument.streamNames(element));
	}

	static StreamArgument map(Argument argument) {
		ResolvableType value = argument.generic(1);
		Form form = (value.resolve() == List.class) ? Form.MAP_OF_LISTS
				: (value.resolve() == Optional.class) ? Form.MAP_OF_OPTIONALS : Form.MAP;
		ResolvableType element = (form == Form.MAP) ? value : ElementTypes.bound(value.getGeneric(0));
		return new StreamArgument(argument, form, element, argument.generic(0), argument.streamNames(element));
	}

	static StreamArgument plain(Argument argument) {
		return argument.isOptional() ? optional(argument) : master(argument);
	}

	String name() {
		return this.names.get(0);
	}

	boolean isMap() {
		return this.argument.isMap() && this.parent != null;
	}

	/**
	 * Whether other streams can be joined to this one.
	 */
	boolean canBeParent() {
		return this.names.size() == 1;
	}

	/**
	 * How a stream is handed over.
	 */
	enum Form {

		/** One element. */
		ELEMENT,

		/** Several elements: a window of the master, or all matches of its element. */
		LIST,

		/** Parents with all their matches. */
		MAP_OF_LISTS,

		/** Parents with their first match. */
		MAP,

		/** A match of the master's element, if it has one. */
		OPTIONAL,

		/** Parents with their match, if they have one. */
		MAP_OF_OPTIONALS;

		boolean isOptional() {
			return this == OPTIONAL || this == MAP_OF_OPTIONALS;
		}

		boolean isOne() {
			return this != LIST && this != MAP_OF_LISTS;
		}

	}

}
