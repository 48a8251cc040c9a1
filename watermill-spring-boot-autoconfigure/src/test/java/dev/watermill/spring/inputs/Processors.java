package dev.watermill.spring.inputs;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;

import dev.watermill.spring.FromStream;
import dev.watermill.spring.JoinOn;
import dev.watermill.spring.ToStream;
import dev.watermill.spring.WaterMillProcessor;
import dev.watermill.spring.WindowBy;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The processors of which an input names one by its property {@code processor}.
 */
@Configuration(proxyBeanMethods = false)
@Import({ Processors.Longs.class, Processors.Doubles.class, Processors.Texts.class, Processors.Nodes.class,
		Processors.QuotedNodes.class, Processors.NodesMethods.class, Processors.Instants.class, Processors.Days.class,
		Processors.FloatingWindows.class })
class Processors {

	record Out(String text) {

	}

	record A(long time, String v) {

		@Override
		public String toString() {
			return this.time + this.v;
		}

	}

	record B(long time, String v) {

		@Override
		public String toString() {
			return this.time + this.v;
		}

	}

	record Real(double time) {

		@Override
		public String toString() {
			return String.valueOf(this.time);
		}

	}

	record Text(String key) {

		@Override
		public String toString() {
			return this.key;
		}

	}

	record OtherText(String key) {

		@Override
		public String toString() {
			return this.key;
		}

	}

	record At(Instant time) {

	}

	record OffsetTime(OffsetDateTime time) {

		@Override
		public String toString() {
			return this.time.toString();
		}

	}

	record Day(LocalDate day) {

		@Override
		public String toString() {
			return this.day.toString();
		}

	}

	@WaterMillProcessor("mill")
	@ConditionalOnProperty(name = "processor", havingValue = "longs")
	static class Longs {

		@ToStream("out")
		Out join(@FromStream("a") A a, @FromStream("b") @JoinOn("time") List<B> b) {
			return new Out(a + " " + b);
		}

	}

	@WaterMillProcessor("mill")
	@ConditionalOnProperty(name = "processor", havingValue = "doubles")
	static class Doubles {

		@ToStream("out")
		Out join(@FromStream("a") A a, @FromStream("b") @JoinOn("time") List<Real> b) {
			return new Out(a + " " + b);
		}

	}

	@WaterMillProcessor("mill")
	@ConditionalOnProperty(name = "processor", havingValue = "texts")
	static class Texts {

		@ToStream("out")
		Out join(@FromStream("a") Text a, @FromStream("b") @JoinOn("key") List<OtherText> b) {
			return new Out(a + " " + b);
		}

	}

	@WaterMillProcessor("mill")
	@ConditionalOnProperty(name = "processor", havingValue = "nodes")
	static class Nodes {

		@ToStream("out")
		Out join(@FromStream("a") A a, @FromStream("b") @JoinOn("time") List<JsonNode> b) {
			return new Out(a + " " + b);
		}

	}

	@WaterMillProcessor("mill")
	@ConditionalOnProperty(name = "processor", havingValue = "quoted-nodes")
	static class QuotedNodes {

		@ToStream("out")
		Out join(@FromStream("a") A a,
				@FromStream("b") @JoinOn(left = "time", right = "#long(ts['$numberLong'])") List<JsonNode> b) {
			return new Out(a + " " + b.stream().map((node) -> node.at("/ts/$numberLong").stringValue()).toList());
		}

	}

	@WaterMillProcessor("mill")
	@ConditionalOnProperty(name = "processor", havingValue = "nodes-methods")
	static class NodesMethods {

		@ToStream("out")
		Out join(@FromStream("a") A a,
				@FromStream("b") @JoinOn(left = "time", right = "ts.asLong()") List<JsonNode> b) {
			return new Out(a + " " + b);
		}

	}

	@WaterMillProcessor("mill")
	@ConditionalOnProperty(name = "processor", havingValue = "instants")
	static class Instants {

		@ToStream("out")
		Out take(@FromStream("a") At a) {
			return new Out(a.toString());
		}

	}

	@WaterMillProcessor("mill")
	@ConditionalOnProperty(name = "processor", havingValue = "days")
	static class Days {

		@ToStream("out")
		Out join(@FromStream("a") OffsetTime a,
				@FromStream("b") @JoinOn(left = "time.toLocalDate()", right = "day") List<Day> b) {
			return new Out(a + " " + b);
		}

	}

	@WaterMillProcessor("mill")
	@ConditionalOnProperty(name = "processor", havingValue = "floating-windows")
	static class FloatingWindows {

		@ToStream("out")
		Out take(@FromStream("a") @WindowBy("time / 60") List<Real> a) {
			return new Out(a.toString());
		}

	}

}
