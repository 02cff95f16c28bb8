FROM ruby:3.3
RUN gem install sinatra puma
COPY app.rb .
CMD ["ruby", "app.rb"]
