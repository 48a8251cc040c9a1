package dev.watermill.spring.actuate.endpoint;

import dev.watermill.Mill;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinNode;
import dev.watermill.join.JoinTree;
import dev.watermill.key.KeyFunction;
import org.jspecify.annotations.Nullable;

/**
 * Draws a mill as a <a href="https://mermaid.js.org/syntax/flowchart.html">Mermaid</a>
 * flowchart: streams, the joins between them, the mill and its outputs, from left to
 * right.
 */
final class MillDiagram {

	private final StringBuilder text = new StringBuilder("flowchart LR\n");

	private MillDiagram() {
	}

	static String of(Mill mill) {
		MillDiagram diagram = new MillDiagram();
		diagram.node("mill", "([\"", mill.name(), mill.state().name(), "\"])");
		diagram.inputs(mill.tree());
		int index = 0;
		for (Output output : mill.outputs()) {
			diagram.node("out" + index, "[/\"", output.stream(), output.sink().location(), "\"/]");
			diagram.arrow("mill", "out" + index, null);
			index++;
		}
		return diagram.text.toString();
	}

	private void inputs(JoinTree tree) {
		for (int i = 0; i < tree.nodes().size(); i++) {
			JoinNode node = tree.nodes().get(i);
			node("in" + i, "[/\"", node.stream(), node.source().location(), "\"/]");
			KeyFunction<?> left = node.leftKey();
			KeyFunction<?> right = node.rightKey();
			if (left != null && right != null) {
				arrow("in" + i, "in" + node.parent(), left.description() + " = " + right.description());
			}
			else {
				arrow("in" + i, "mill", null);
			}
		}
	}

	private void node(String id, String open, String title, String detail, String close) {
		this.text.append("    ").append(id).append(open).append(escape(title)).append("<br/>");
		this.text.append(escape(detail)).append(close).append('\n');
	}

	private void arrow(String from, String to, @Nullable String label) {
		this.text.append("    ").append(from).append(" -->");
		if (label != null) {
			this.text.append("|\"").append(escape(label)).append("\"|");
		}
		this.text.append(' ').append(to).append('\n');
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;").replace(">", "&gt;");
	}

}
