FROM eclipse-temurin:21-jdk
RUN mkdir /opt/app
COPY Main.java /opt/app
WORKDIR /opt/app
RUN javac Main.java
CMD ["java", "Main"]
